import type { Cluster } from './cluster.ts';
import type { Fault } from './faults.ts';

/** A cluster whose next task fares as the fault says. */
export function troubled(cluster: Cluster, fault: Fault): Cluster {
  const { tasks } = cluster;
  const { mode, exitstatus, lines = 1_000_000 } = fault;
  if (mode === 'kill') return withTasks(cluster, { stop: (upid) => tasks.stop(upid, { kill: true }) });
  if (mode === 'task') {
    const fail = async () => {
      throw new Error(exitstatus ?? 'fault injected');
    };
    return withTasks(cluster, { start: (what) => tasks.start(what, fail) });
  }
  if (mode !== 'chatty') return cluster;
  return withTasks(cluster, {
    start: (what, work) =>
      tasks.start(what, async (task) => {
        // One string, so that a million lines are a million pointers.
        for (let line = 0; line < lines; line++) task.log('all work and no play makes jack a dull boy');
        if (exitstatus !== undefined) throw new Error(exitstatus);
        await work(task);
      }),
  });
}

const withTasks = (cluster: Cluster, changed: Partial<Cluster['tasks']>): Cluster => ({
  ...cluster,
  tasks: { ...cluster.tasks, ...changed },
});
