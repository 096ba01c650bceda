import type { WordKind } from './word-kind.ts';

/**
 * Words of texts about pictures that mean something else there than in running text, or that no dictionary has. They go before the
 * lexicon made from WordNet.
 */
const lists: Readonly<Partial<Record<WordKind, string>>> = {
  /** Nothing to be seen: what joins, refers, or is left over of a reader's habit. */
  filler:
    'shown showing show seen called named note regard regarding relating related refer referring resemble resembling similar consist ' +
    'consisting consists depict depicting featuring feature featured incorporating incorporated exhibiting exhibit showcase showcases ' +
    'showcasing containing contain presented present placed situated located viewed view overview various type kind typical known ' +
    'generic special awesome etc also etc wth whilst there here col aus albu these those them each every other multiple numerous lineup ' +
    'optimized despite though but specially spelled written considered animal animals person persons thing things subject object scene ' +
    'something someone item items front side rear right left top bottom foreground overwhelmed vanishing content codes os pol landsc ' +
    'sca smh ently stration imation aph pic pics book books movie movies font fonts text texts lines line recipe smelling protag spots strips crest silhouette pollens peaks looking staring vscocam lit light lights lighting unison including pared ' +
    'client having distributed examining offering surrounded surrounding accompanied dressed wearing wear wears retaining act art arts ' +
    'chunks meaning using used use make made thereof note animation action slices piece pieces part parts lot lots set sets form forma ' +
    'photographer artist painter designer illustrator successor mouth overlooking facing among lead leads vector ' +
    'the and nor yet its his her their our your who whom whose which what that this with for are was were been being has have had will can ' +
    'could would should may might must does did not any some all both few more most other such than then too very just now',
  relation:
    'of in on at by to from with without into onto upon near under above over below behind before beside besides between among amongst ' +
    'amid amidst across along alongside around against through throughout towards toward atop inside outside within beneath underneath ' +
    'aboard beyond off up down next',
  medium:
    'painting paintings photograph photographs photo photos photography picture drawing drawings illustration illustrations render renders ' +
    'rendering poster posters cartoon cartoons wallpaper wallpapers etching etchings watercolor watercolour ' +
    'watercolors sketch sketches mural murals collage portrait portraits print prints engraving artwork artworks sculpture statue comic ' +
    'comics anime manga selfie selfies snapshot sticker decal vignette graffiti screenshot doodle linocut woodcut lithograph ' +
    'fresco mosaic tapestry cgi infographic sprite clipart pastel gouache charcoal closeup closeups macro',
  style:
    'abstract minimalist minimalistic minimal vintage retro modern modernist modernism gogh monet picasso baroque gothic fantasy steampunk ' +
    'cyberpunk futuristic geometric surreal surrealist surrealism cubist cubism impressionist impressionism expressionist bohemian folk ' +
    'inktober hdr analogue analog kawaii cute psychedelic deco nouveau bauhaus pop realism realistic photorealistic hyperrealistic ' +
    'cinematic grunge noir midcentury origami lowpoly isometric pixel pixelated bokeh ornate rustic elegant whimsical holistic ' +
    'classical romantic renaissance victorian medieval atmospheric dreamy moody dramatic autumnal animated vibrant muted monochrome ' +
    'monochromatic blackandwhite sepia flat rococo brutalist vaporwave',
  colour:
    'red reds redness orange yellow green greens blue blues purple violet pink pinks magenta maroon brown browns beige cream teal turquoise ' +
    'cyan aqua navy indigo lavender lilac mauve coral crimson scarlet burgundy auburn amber gold golden silver bronze copper ivory white ' +
    'whites black blk gray grays grey greys olive lime emerald peach salmon tan khaki colorful colourful multicolored multicoloured rainbow ' +
    'turmeric charcoal',
  light:
    'sunset sunsets sunrise dusk dawn twilight night nighttime daylight midnight morning afternoon evening noon sunlight sunlit sunny moonlight ' +
    'shadow shadows shade darkness dark bright dim gloom gloomy glow glowing shining neon backlit haze hazy mist misty ' +
    'fog foggy rain rainy storm stormy cloudy overcast snowing spotlight sparkling sparkly sparkle autumn winter summer spring reflections ' +
    'reflection blur blurry blurred candlelight',
  place:
    'background backgrounds backdrop backdrops wall walls sky skies cloud clouds skyline cityscape landscape seascape sea ocean beach shore ' +
    'water waters wave waves river rivers lake pond waterfall waterfalls snow ice sand desert forest forests forrest wood woods jungle meadow ' +
    'field fields garden park hill hills hillside hilltop mound mounds valley valleys mountain mountains canyon canyons cliff cliffs rock rocks road roads ' +
    'roadway street streets crossing bridge city cities town village castle house houses room kitchen bathroom bedroom sink table desk ' +
    'shelf floor ground grass greenery vegetation swamp wetland island cave moon moons star stars space galaxy horizon surface ' +
    'hardwood basin pillars slope skyscrapers ruins gorge lamps trees tree plants leaves alps pole poles boards',
  thing:
    'robot robots kite kites hoop hoops wire jar heart hearts letters letter symbol symbols crown confetti swirl swirls logo logos emblem emblems icon icons',
  person: 'people women men woman man children child boy boys girl girls lady female male kids baby babies',
  animal: 'dragon dragons unicorn unicorns beagle beagles canine feline kitten kittens rhino mice geese wolves sheep fish deer',
  food: 'berries berry oranges fruit fruits grapes',
  clothing: 'armor armour dress tie hat suit shoes pants eyewear glasses sleeveless',
  attribute:
    'large small tiny big huge little giant tall short long wide close open sweet fluffy fuzzy wooden stone glass metal chrome tied wet dry old ' +
    'young swept bold sleek white',
  action:
    'standing sitting walking running flying jumping sleeping lying swimming floating dancing smiling reading riding holding ' +
    'climbing kissing eating drinking playing fighting singing resting waiting',
};

/** The first list that names a word decides. */
export const ownWords: ReadonlyMap<string, WordKind> = new Map(
  (Object.entries(lists) as [WordKind, string][])
    .flatMap(([kind, words]) => words.split(' ').map((word): [string, WordKind] => [word, kind]))
    .reverse(),
);
