import { parentPort } from 'node:worker_threads';
import { createEnrolment } from '#crypto/enrolment.ts';
import { derivePassword } from '#crypto/password.ts';
import type { KeyRequest } from './keys.ts';

parentPort?.on('message', async (request: KeyRequest) => {
  if (request.kind === 'make') {
    const { password, commonName } = request;
    parentPort?.postMessage(await createEnrolment({ password, commonName }));
  } else {
    const { password, salt, parameters } = request;
    parentPort?.postMessage((await derivePassword(password, salt, parameters)).wrappingKey);
  }
});
