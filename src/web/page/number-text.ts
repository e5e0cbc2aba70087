/** Numbers as the page prints them. */

/** 0.98213 as `98.21 %`. */
export const percentText = (share: number) => `${(100 * share).toFixed(2)} %`;

/** 0.0123456 as `0.01235`: a loss, four significant digits. */
export function shortLossText(loss: number): string {
  if (loss === 0) return '0';
  const size = Math.abs(loss);
  return size >= 1e-4 && size < 1e5 ? String(Number(loss.toPrecision(4))) : loss.toExponential(2);
}

/** 159010 as `159,010`. */
export const countText = (count: number) => String(Math.round(count)).replaceAll(/\B(?=(\d{3})+$)/g, ',');

/** Seconds as `0.42 s`, `4.2 s`, `42 s`, `2 min 05 s` or `1 h 05 min`. */
export function secondsText(seconds: number): string {
  if (seconds < 0.995) return seconds === 0 ? '0 s' : `${seconds.toFixed(2)} s`;
  if (seconds < 9.95) return `${seconds.toFixed(1)} s`;
  const whole = Math.round(seconds);
  if (whole < 60) return `${whole} s`;
  if (whole < 3600) return `${Math.floor(whole / 60)} min ${twoDigits(whole % 60)} s`;
  const minutes = Math.round(seconds / 60);
  return `${countText(Math.floor(minutes / 60))} h ${twoDigits(minutes % 60)} min`;
}

/** The estimated time left: `about 12 s`. */
export function timeLeftText(seconds: number | undefined): string {
  if (seconds === undefined || !Number.isFinite(seconds)) return '–';
  return seconds < 1
    ? 'a moment'
    : `about ${secondsText(Math.max(1, Math.round(seconds))).replace('.0 s', ' s')}`;
}

const twoDigits = (n: number) => String(n).padStart(2, '0');
