import type { ChildProcess } from 'node:child_process';

const running = new Set<ChildProcess>();
// a process that is stopped in the middle must not leave its children behind
process.once('exit', () => {
  for (const child of running) child.kill('SIGKILL');
});

/** Kills a child when this process ends. */
export function endWithUs(child: ChildProcess): void {
  running.add(child);
  child.once('exit', () => running.delete(child));
}
