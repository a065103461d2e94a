import type { RunRecord, RunState } from '#jobs/engine/record.ts';
import { addTemplates } from '#lab/templates.ts';
import { templateNotes } from '../template-notes.ts';
import type { Play } from './play.ts';

/** Something that people do, from the first word to the end. */
export interface Scenario {
  readonly name: string;
  /** Whether the template stands ready; it does unless told. */
  readonly template?: boolean;
  /** How its run ends when nothing goes wrong. */
  readonly end: RunState;
  /** Each kind of task that may succeed more than once for one VM. */
  readonly repeats?: Readonly<Record<string, number>>;
  /** What stands in the lab before, and what of Proxmox refuses. */
  prepare?(play: Play): Promise<void>;
  act(play: Play): Promise<RunRecord>;
}

const failingStart = {
  method: 'POST',
  path: /status\/start$/,
  mode: 'task',
  exitstatus: 'start failed: QEMU exited with code 1',
} as const;

const create: Scenario = {
  name: 'create',
  end: 'done',
  act: (play) => play.command(`/vm create ${play.name} medium`),
};

const fullClone: Scenario = {
  name: 'create, full clone',
  end: 'done',
  act: (play) => play.command(`/vm create ${play.name} medium --clone full`),
};

/** The template is on the first node. */
const elsewhere: Scenario = {
  name: 'create on another node',
  end: 'done',
  act: (play) => play.command(`/vm create ${play.name} medium --node pve2`),
};

let added = 0;

/** Either node will do. */
const anywhere: Scenario = {
  name: 'create, a template on each node',
  end: 'done',
  async prepare({ stage: { lab, earlier } }) {
    const vmid = 9001 + added++;
    const config = { description: templateNotes(vmid, 'lab-debian', earlier) };
    await addTemplates(lab.cluster, [{ vmid, name: 'lab-debian', node: 'pve2', storage: 'nas', config }]);
  },
  act: (play) => play.command(`/vm create ${play.name} medium`),
};

const withTemplate: Scenario = {
  name: 'create with its template',
  template: false,
  end: 'done',
  repeats: { qmstart: 2 },
  act: (play) => play.command(`/vm create ${play.name} medium --build-template`),
};

/** A new size, and back again as the button does. */
const resized: Scenario = {
  name: 'resize, undone',
  end: 'done',
  repeats: { qmstart: 2 },
  async prepare({ stage, name }) {
    await stage.addVm(name);
  },
  async act(play) {
    const run = await play.command(`/vm resize ${play.name} --cpus 4 --memory 4G --disk 20G --restart`);
    if (run.state !== 'done') return run;
    return play.command(`/vm resize ${play.name} --cpus 1 --memory 1G --restart`);
  },
};

/** The start fails for good, so that everything is taken back. */
const failingCreate: Scenario = {
  name: 'create that fails',
  end: 'failed',
  async prepare({ stage }) {
    stage.lab.faults.push({ ...failingStart, times: 99 });
  },
  act: (play) => play.command(`/vm create ${play.name} medium`),
};

const destroy: Scenario = {
  name: 'destroy, approved',
  end: 'done',
  async prepare({ stage, name }) {
    await stage.addVm(name);
  },
  async act(play) {
    const id = await play.type(`/vm destroy ${play.name}`);
    await play.approve(id);
    return play.ended(id);
  },
};

const rejected: Scenario = {
  name: 'destroy, rejected',
  end: 'rejected',
  async prepare({ stage, name }) {
    await stage.addVm(name);
  },
  async act(play) {
    const id = await play.type(`/vm destroy ${play.name}`);
    await play.reject(id);
    return play.ended(id);
  },
};

const build: Scenario = {
  name: 'template build',
  template: false,
  end: 'done',
  // Nobody may have listened when it was up for the first time.
  repeats: { qmstart: 2 },
  act: (play) => play.command('/template build lab-debian'),
};

const silent = {
  method: 'POST',
  path: /agent\/ping$/,
  mode: 'status',
  status: 500,
  reason: 'QEMU guest agent is not running',
  times: 1e6,
} as const;

/** Cancelled while it boots, so that everything is taken back. */
const cancelled: Scenario = {
  name: 'create, cancelled',
  end: 'cancelled',
  async prepare({ stage }) {
    // It never answers, so that there is time to cancel.
    stage.lab.faults.push(silent);
  },
  act: (play) => cancelAt(play, `/vm create ${play.name} medium`, 'wait for agent'),
};

const buildCancelled: Scenario = {
  name: 'template build, cancelled',
  template: false,
  end: 'cancelled',
  repeats: { qmstart: 2 },
  async prepare({ stage }) {
    stage.lab.faults.push(silent);
  },
  act: (play) => cancelAt(play, '/template build lab-debian', 'boot and install#pve1'),
};

/** In these a run can be cancelled. */
const moving: ReadonlySet<RunState> = new Set(['planning', 'queued', 'running', 'waiting']);

async function cancelAt(play: Play, line: string, step: string): Promise<RunRecord> {
  const id = await play.type(line);
  await play.untilStep(id, step);
  await play.press(id, 'Cancel', ({ state, cancelledBy }) => cancelledBy !== undefined || !moving.has(state));
  return play.ended(id);
}

/** The start fails once and what was made is kept; then somebody retries. */
const retried: Scenario = {
  name: 'create, kept and retried',
  end: 'done',
  async prepare({ stage }) {
    stage.lab.faults.push({ ...failingStart, times: 1 });
  },
  async act(play) {
    const id = await play.type(`/vm create ${play.name} medium --keep`);
    const run = await play.ended(id);
    if (run.state !== 'kept') return run;
    await play.press(id, 'Retry from here', ({ state }) => state !== 'kept');
    return play.ended(id);
  },
};

const rolledBack: Scenario = {
  name: 'create, kept and rolled back',
  end: 'failed',
  async prepare({ stage }) {
    stage.lab.faults.push({ ...failingStart, times: 99 });
  },
  async act(play) {
    const id = await play.type(`/vm create ${play.name} medium --keep`);
    const run = await play.ended(id);
    if (run.state !== 'kept') return run;
    await play.press(id, 'Roll back', ({ state }) => state !== 'kept');
    return play.ended(id);
  },
};

export const scenarios: readonly Scenario[] = [
  create,
  fullClone,
  elsewhere,
  anywhere,
  withTemplate,
  resized,
  failingCreate,
  destroy,
  rejected,
  build,
  buildCancelled,
  cancelled,
  retried,
  rolledBack,
];
