import { setTimeout } from 'node:timers/promises';
import { readAuthority } from './authority/issueCertificate.ts';
import type { ConnectorEnvironment } from './env.ts';
import type { ConnectorServices } from './http/routes.ts';
import { type GatewayConnection, openGateway } from './ledger/connection.ts';
import { readIdentity } from './ledger/identity.ts';
import type { ConnectorLog } from './log.ts';
import { attest, readTokenTerms } from './notary/attest.ts';
import { createNotary, type Notary } from './notary/notary.ts';
import { type ConnectorProfile, readEthereumKey } from './profile.ts';
import { type EnrolmentOffice, enrol } from './registrar/enrol.ts';
import { followRegistry } from './registrar/followRegistry.ts';
import { createPrescribers } from './registrar/prescribers.ts';
import { careChannelOf } from './registrar/recordKeys.ts';
import { settleWallets } from './registrar/settleWallets.ts';

/** Organisations without a peer act through another's gateway; patients through the hospitals'. */
const gatewayHosts: Readonly<Record<string, string>> = { PatientMSP: 'HospitalMSP' };

export interface OpenServices extends ConnectorServices {
  /** Keeps the prescriber role in line with the registry until `signal` aborts. */
  follow(log: ConnectorLog, signal: AbortSignal): Promise<void>;
  close(): void;
}

/** Opens everything that the profile names. Keys are read once, here; nothing is called before the first request. */
export async function openServices(
  profile: ConnectorProfile,
  env: Pick<ConnectorEnvironment, 'ETHEREUM_RPC_URL' | 'PRESCRIPTION_TOKEN_ADDRESS'>,
): Promise<OpenServices> {
  const gateways = new Map<string, GatewayConnection>();
  const offices = new Map<string, EnrolmentOffice>();
  const notaries: Notary[] = [];
  const { organisations } = profile.ledger();
  const open = (mspId: string, files: { certFile: string; keyFile: string }, host = mspId) => {
    const endpoint = organisations[host]?.gateway;
    if (!endpoint) throw new Error(`The ledger profile has no gateway of ${host}.`);
    const gateway = gateways.get(host) ?? openGateway(endpoint);
    gateways.set(host, gateway);
    return gateway.as(readIdentity(mspId, files));
  };
  for (const [mspId, { ca, registrar, notary }] of Object.entries(profile.organisations)) {
    if (ca && registrar) {
      const ledger = open(mspId, registrar, gatewayHosts[mspId]);
      offices.set(mspId, { authority: await readAuthority(mspId, ca), ledger });
    }
    // A notary has no other host: it would sign what somebody else's peer says.
    if (notary) notaries.push(createNotary(mspId, open(mspId, notary), readEthereumKey(notary.ethereumKeyFile)));
  }
  const token = { rpcUrl: env.ETHEREUM_RPC_URL, address: env.PRESCRIPTION_TOKEN_ADDRESS };
  const { registrarKeyFile, gasAllowance } = profile.ethereum;
  const prescribers = createPrescribers(token, readEthereumKey(registrarKeyFile), gasAllowance);
  const notariesOf = (channel: string) => {
    const members = profile.ledger().channels.find(({ name }) => name === channel)?.organisations ?? [];
    return notaries.filter(({ mspId }) => members.includes(mspId));
  };
  return {
    enrol: (enrolment) => enrol(offices, prescribers, enrolment),
    settleWallets: (person) => settleWallets(offices, prescribers, person),
    attest: async (id) => attest(notariesOf(careChannelOf(id)), await readTokenTerms(token), id),
    follow: async (log, signal) => {
      // Patients have no entry on the registry.
      const employing = [...offices].filter(([mspId]) => gatewayHosts[mspId] === undefined);
      await Promise.all(
        employing.map(([mspId, { ledger }]) => followRegistry({ mspId, ledger, prescribers, log, pause }, signal)),
      );
    },
    close: () => {
      for (const gateway of gateways.values()) gateway.close();
    },
  };
}

/** Waits, or until `signal` aborts. */
async function pause(milliseconds: number, signal: AbortSignal): Promise<void> {
  await setTimeout(milliseconds, undefined, { signal }).catch(() => undefined);
}
