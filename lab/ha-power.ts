import { root } from './access.ts';
import type { Call } from './route.ts';
import type { Task } from './tasks.ts';

const words = { start: 'start', stop: 'stop', migrate: 'migration' } as const;

/**
 * What is asked of a VM that HA manages is only taken down by a task of its own (`hastart`); HA's manager carries it out some
 * seconds later, as a task of root's. Answers the first task's UPID.
 */
export function askHa(call: Call, what: keyof typeof words, work: (task: Task) => Promise<void>): string {
  const { cluster, node, vmid, caller } = call;
  const id = String(vmid);
  return cluster.tasks.start({ node, type: `ha${what}`, id, caller }, async (task) => {
    task.log(`Requesting HA ${words[what]} for VM ${vmid}`);
    const begin = () =>
      cluster.tasks.start({ node, type: `qm${what === 'migrate' ? 'igrate' : what}`, id, caller: root }, work);
    setTimeout(begin, cluster.settings.haGapMs).unref();
  });
}
