import type { AnyJob } from '#jobs/engine/job.ts';
import { changeRun } from './run/change.ts';
import { buildTemplate } from './template/build.ts';
import { createVm } from './vm/create.ts';
import { destroyVm } from './vm/destroy.ts';
import { rebootVm, startVm, stopVm } from './vm/power.ts';
import { resizeVm } from './vm/resize.ts';

/** Every job, by its name. */
export const jobs: ReadonlyMap<string, AnyJob> = new Map(
  [
    createVm,
    destroyVm,
    startVm,
    stopVm,
    rebootVm,
    resizeVm,
    buildTemplate,
    changeRun('job cancel'),
    changeRun('job retry'),
  ].map((job: AnyJob) => [job.name, job]),
);
