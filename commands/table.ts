import { doctor } from './bot/doctor.ts';
import { help } from './bot/help.ts';
import type { Command } from './command.ts';
import { jobCancel } from './job/cancel.ts';
import { jobList } from './job/list.ts';
import { jobRetry } from './job/retry.ts';
import { jobShow } from './job/show.ts';
import { meLink } from './me/link.ts';
import { meShow } from './me/show.ts';
import { meUnlink } from './me/unlink.ts';
import { nodeList } from './node/list.ts';
import { templateBuild } from './template/build.ts';
import { templateList } from './template/list.ts';
import { vmCreate } from './vm/create.ts';
import { vmDestroy } from './vm/destroy.ts';
import { vmList } from './vm/list.ts';
import { vmReboot } from './vm/reboot.ts';
import { vmResize } from './vm/resize.ts';
import { vmShow } from './vm/show.ts';
import { vmStart } from './vm/start.ts';
import { vmStop } from './vm/stop.ts';

/** Every command, in the order that `/help` shows them. */
export const commands: readonly Command[] = [
  vmCreate,
  vmList,
  vmShow,
  vmStart,
  vmStop,
  vmReboot,
  vmResize,
  vmDestroy,
  nodeList,
  templateBuild,
  templateList,
  jobList,
  jobShow,
  jobCancel,
  jobRetry,
  meShow,
  meLink,
  meUnlink,
  doctor,
  help,
];
