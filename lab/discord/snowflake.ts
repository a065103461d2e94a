const discordEpoch = 1_420_070_400_000;

/** Makes ids as Discord does: the time in the upper bits, so that they sort as they were made. */
export function makeIds(now: () => number): () => string {
  let last = 0n;
  return () => {
    const next = BigInt(Math.floor(now()) - discordEpoch) << 22n;
    last = next > last ? next : last + 1n;
    return String(last);
  };
}
