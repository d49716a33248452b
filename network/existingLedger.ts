import { readFileSync } from 'node:fs';
import { connect } from 'node:tls';
import { z } from 'zod';
import { type ConnectorProfile, readProfile } from '#connector/profile.ts';
import { type LedgerProfile, readLedgerProfile } from '#server/gateways/ledger/profile.ts';
import { StepError } from './step.ts';

const answerWithinMs = 10_000;

/** A network of Fabric that others run, as its two profiles name it. */
export interface ExistingLedger {
  files: { ledger: string; connector: string };
  profile: LedgerProfile;
  connector: ConnectorProfile;
}

/**
 * Reads the ledger profile and the connector's of a network that runs, and sees that each gateway answers. Throws a StepError that
 * names the file or the gateway.
 */
export async function reachLedger(profileFile: string, connectorFile: string | undefined): Promise<ExistingLedger> {
  if (connectorFile === undefined)
    throw new StepError('A network of its own needs the profile of the connector too.', {
      advice: 'set CONNECTOR_PROFILE to its file; connector/README.md says what it holds.',
    });
  const profile = readWith(readLedgerProfile, profileFile, 'ledger profile');
  const connector = readWith(readProfile, connectorFile, "connector's profile");
  await Promise.all(
    Object.entries(profile.organisations).map(async ([mspId, { gateway }]) => {
      const cause = await handshake(gateway).then(
        () => undefined,
        (error: unknown) => (error instanceof Error ? error.message : String(error)),
      );
      if (cause !== undefined)
        throw new StepError(`The gateway of ${mspId} at ${gateway.address} does not answer: ${cause}.`, {
          advice: `start that network, or correct ${profileFile}: address, tlsCaFile and serverName.`,
        });
    }),
  );
  return { files: { ledger: profileFile, connector: connectorFile }, profile, connector };
}

function readWith<T>(read: (file: string) => T, file: string, what: string): T {
  try {
    return read(file);
  } catch (cause) {
    const fault = cause instanceof Error && cause.cause instanceof z.ZodError ? cause.cause : cause;
    const words = fault instanceof z.ZodError ? z.prettifyError(fault) : fault instanceof Error ? fault.message : '';
    throw new StepError(`The ${what} ${file} cannot be used: ${words}`, { advice: 'correct it.', cause });
  }
}

/** Resolves when the other side has proved with TLS that it is the one of the profile. */
function handshake({
  address,
  tlsCaFile,
  serverName,
}: LedgerProfile['organisations'][string]['gateway']): Promise<void> {
  return new Promise((resolve, reject) => {
    const at = address.lastIndexOf(':');
    const host = address.slice(0, at);
    const socket = connect({
      ...{ host, port: Number(address.slice(at + 1)), ca: readFileSync(tlsCaFile), ALPNProtocols: ['h2'] },
      servername: serverName ?? host,
    });
    const end = (settle: () => void) => {
      socket.destroy();
      settle();
    };
    socket.setTimeout(answerWithinMs, () => end(() => reject(new Error('it says nothing'))));
    socket.once('secureConnect', () => end(resolve));
    socket.once('error', (error) => end(() => reject(error)));
  });
}
