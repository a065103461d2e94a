/** Does each thing once: what is under way or done under a key is not done again; what failed is. The last `most` keys are known. */
export function eachOnce(most: number): (key: string, act: () => Promise<void>) => Promise<void> {
  const acts = new Map<string, Promise<void>>();
  return (key, act) => {
    const earlier = acts.get(key);
    if (earlier) return earlier;
    const now = act();
    acts.set(key, now);
    now.catch(() => acts.delete(key));
    const [oldest] = acts.keys();
    if (acts.size > most && oldest !== undefined) acts.delete(oldest);
    return now;
  };
}
