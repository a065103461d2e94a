/** Why a step's signal was aborted. Each asks for something else. */

/** This worker may no longer speak for the run: stop at once, write nothing. */
export class Lost extends Error {
  override readonly name = 'Lost';
}

/** Somebody asked to cancel: stop, then take back. */
export class Cancelled extends Error {
  override readonly name = 'Cancelled';
}

/** This worker shuts down: leave the run to another one. */
export class Drained extends Error {
  override readonly name = 'Drained';
}

/** The step's time is over: it failed. */
export class Overtime extends Error {
  override readonly name = 'Overtime';
}

/** Another step of the same run failed, or the run is over for this worker. */
export class Halted extends Error {
  override readonly name = 'Halted';
}
