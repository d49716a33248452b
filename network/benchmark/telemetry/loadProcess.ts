import { fork } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { z } from 'zod';
import { type LoadAnswer, type LoadCommand, loadAnswer } from './load.ts';

const reply = z.union([z.object({ answered: loadAnswer }), z.object({ failed: z.string() })]);

/** The process of the load (`load.ts`), one command at a time. */
export interface LoadProcess {
  pid: number;
  ask(command: LoadCommand): Promise<LoadAnswer>;
  stop(): Promise<void>;
}

export function startLoad(): LoadProcess {
  const child = fork(fileURLToPath(new URL('load.ts', import.meta.url)), {
    stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
  });
  const ended = new Promise<void>((resolve) => child.once('exit', () => resolve()));
  return {
    pid: child.pid ?? 0,
    ask: (command) =>
      new Promise((resolve, reject) => {
        const gone = () => reject(new Error('The process of the load has ended.'));
        child.once('exit', gone);
        child.once('message', (message) => {
          child.off('exit', gone);
          const said = reply.parse(message);
          if ('answered' in said) resolve(said.answered);
          else reject(new Error(said.failed));
        });
        child.send(command);
      }),
    stop: async () => {
      child.kill('SIGTERM');
      await ended;
    },
  };
}
