/** A name that a text about pictures may hold: what it names, and plain words for it. */
export interface NamedThing {
  readonly kind: 'person' | 'brand' | 'work';
  readonly neutral: string;
}

/** "name: neutral words". Names that are plain words as well (a potter, a frame, a fork) are not here: most texts mean the plain word. */
const people =
  'beyonce: a singer\nrihanna: a singer\njimi: a musician\nhendrix: a musician\nmonroe: a film star\nmarilyn: a film star\nhadid: a model\n' +
  'rupert: a young man\nemma: a young woman\ndaniel: a young man\nelvis: a singer\nbowie: a singer\ngaga: a singer\nmadonna: a singer\n' +
  'kardashian: a woman\nkanye: a musician\ndrake: a musician\nadele: a singer\nshakira: a singer\neminem: a musician\nbieber: a singer\n' +
  'trump: a politician\nobama: a politician\nputin: a politician\nmerkel: a politician\neinstein: a scientist\ngandhi: an old man\n' +
  'messi: a football player\nronaldo: a football player\nbeckham: a football player\nfederer: a tennis player\nsenna: a racing driver\n' +
  'dicaprio: a film star\njolie: a film star\npitt: a film star\ncumberbatch: a film star\nscarlett: a film star\naudrey: a film star\n' +
  'rodgers: a man\ntaylor: a singer\nariana: a singer\nzendaya: a film star\nkeanu: a film star\nchaplin: a comedian';
const brands =
  'starbucks: coffee\ndisney: cartoon\npixar: cartoon\ndreamworks: cartoon\ncapcom: game\nnintendo: game\nsega: game\nplaystation: game\nxbox: game\n' +
  'ubisoft: game\nblizzard: game\natari: game\nwsj: newspaper\nhogwarts: a school\nnike: sportswear\nadidas: sportswear\ngucci: fashion\nchanel: fashion\nprada: fashion\n' +
  'versace: fashion\nrolex: watch\niphone: phone\nsamsung: phone\nmcdonalds: burger\npepsi: soda\ncocacola: soda\nlego: toy bricks\nbarbie: doll\n' +
  'ferrari: sports car\nlamborghini: sports car\nporsche: sports car\nbmw: car\naudi: car\ntesla: car\ntoyota: car\nvolkswagen: car\nikea: furniture\n' +
  'netflix: film\nhbo: film\nmarvel: comic\nunsplash: photograph\nflickr: photograph\ndeviantart: drawing\nartstation: drawing\ninstagram: photograph';
const works =
  'hermione: a girl\nmario: a plumber\nluigi: a plumber\nzelda: an adventurer\npikachu: a yellow animal\npokemon: a small animal\n' +
  'gandalf: an old wizard\nfrodo: a small man\nvader: a man in black armor\nyoda: a small green creature\njedi: a knight\nsimpsons: a cartoon family\n' +
  'batman: a masked man\nsuperman: a strong man\nspiderman: a masked man\nironman: a man in armor\navengers: heroes\nelsa: a princess\n' +
  'minion: a small yellow creature\nminions: small yellow creatures\nshrek: a green giant\ntotoro: a furry creature\nnaruto: a young fighter\n' +
  'goku: a fighter\nkirby: a round pink creature\nvoldemort: a pale man\ndumbledore: an old wizard\nmickey: a cartoon mouse';
/** Names of two words, one of which or both are plain words by themselves. */
const pairs =
  'capcom alliance: game\nharry potter: a young wizard\nstar wars: space film\nmickey mouse: a cartoon mouse\nhello kitty: a cartoon cat\ncoca cola: soda';

function read(list: string, kind: NamedThing['kind']): [string, NamedThing][] {
  return list.split('\n').map((line): [string, NamedThing] => {
    const [name = '', neutral = ''] = line.split(': ');
    return [name, { kind, neutral }];
  });
}

/** By name in small letters, one word each. */
export const namedThings: ReadonlyMap<string, NamedThing> = new Map([
  ...read(people, 'person'),
  ...read(brands, 'brand'),
  ...read(works, 'work'),
]);
/** As `namedThings`, with one space between the two words. */
export const pairedNames: ReadonlyMap<string, NamedThing> = new Map(read(pairs, 'work'));
