const pad = (value: number): string => String(value).padStart(2, '0');

/** "2026-11-03 14:05 +01:00": the clock of this machine, with what it is ahead of UTC. */
export function formatLocalTime(timeMs: number): string {
  const time = new Date(timeMs);
  const ahead = -time.getTimezoneOffset();
  const zone = `${ahead < 0 ? '-' : '+'}${pad(Math.floor(Math.abs(ahead) / 60))}:${pad(Math.abs(ahead) % 60)}`;
  const day = `${time.getFullYear()}-${pad(time.getMonth() + 1)}-${pad(time.getDate())}`;
  return `${day} ${pad(time.getHours())}:${pad(time.getMinutes())} ${zone}`;
}
