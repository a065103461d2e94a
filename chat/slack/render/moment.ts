/** A moment as Slack's clients show it: in the reader's own time zone, with how long ago it is, kept up to date by the client. */
export function moment(at: number): { timestamp: number; format: string; fallback: string } {
  const timestamp = Math.trunc(Math.min(Math.max(Number.isFinite(at) ? at / 1000 : 0, 0), lastS));
  return {
    timestamp,
    format: '{date_short_pretty} {time} ({ago})',
    fallback: new Date(timestamp * 1000).toISOString(),
  };
}

/** The end of the year 9999, s. */
const lastS = 253_402_300_799;
