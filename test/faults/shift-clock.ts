/** Loaded before the program (`node --import`): its wall clock is `ms` off, as its URL's query says. */
const shiftMs = Number(new URL(import.meta.url).searchParams.get('ms') ?? 0);
const RealDate = Date;

globalThis.Date = class extends RealDate {
  constructor(...given: [] | [number]) {
    super(...((given.length === 0 ? [RealDate.now() + shiftMs] : given) as [number]));
  }
  static override now(): number {
    return RealDate.now() + shiftMs;
  }
} as DateConstructor;
