import { regulatorMsp } from '#chaincode/model/registry.ts';
import { openFundOffice } from './assistance/fund.ts';
import { readAuthority } from './authority/issueCertificate.ts';
import { bringStatement, readMemberWrap } from './claims/members.ts';
import type { ConnectorEnvironment } from './env.ts';
import { ConnectorError } from './errors.ts';
import { createEscrow, type Escrow } from './escrow/escrow.ts';
import { createQueue } from './ethereum/queue.ts';
import type { ConnectorServices } from './http/routes.ts';
import { type GatewayConnection, openGateway } from './ledger/connection.ts';
import { type LedgerIdentity, readIdentity } from './ledger/identity.ts';
import type { ConnectorLog } from './log.ts';
import { appointedBy } from './notary/appointed.ts';
import { attest, readTokenTerms } from './notary/attest.ts';
import { giveDispenseReceipt, giveReceipt } from './notary/giveReceipt.ts';
import { remoteNotary } from './notary/remoteNotary.ts';
import { type ConnectorProfile, readEthereumKey, readSeed } from './profile.ts';
import { certify } from './registrar/certify.ts';
import { certifyDevice } from './registrar/certifyDevice.ts';
import { completeReenrolments } from './registrar/completeReenrolments.ts';
import { type EnrolmentOffice, enrol } from './registrar/enrol.ts';
import { followRegistry, type RegistryDuty } from './registrar/followRegistry.ts';
import { prescriberRole } from './registrar/prescriberRole.ts';
import { createPrescribers } from './registrar/prescribers.ts';
import { proposeInstitution } from './registrar/proposeInstitution.ts';
import { careChannelOf } from './registrar/recordKeys.ts';
import { registerPatient } from './registrar/registerPatient.ts';
import { settleWallets } from './registrar/settleWallets.ts';
import { pause, repeat } from './repeat.ts';
import { mirrorStandings } from './standings/mirrorStandings.ts';
import { createSystems, type Systems } from './systems/systems.ts';

/** Organisations without a peer act through another's gateway; patients through the hospitals'. */
const gatewayHosts: Readonly<Record<string, string>> = { PatientMSP: 'HospitalMSP' };

const dutyEveryMs = 10 * 60_000;

export interface OpenServices extends ConnectorServices {
  /**
   * What the connector does without being asked, until `signal` aborts: prescriber role and mirrors of standings in line with
   * the registry, escrow keys published, new keys put in force when they are due.
   */
  follow(log: ConnectorLog, signal: AbortSignal): Promise<void>;
  close(): void;
}

/** Opens everything that the profile names. Keys are read once, here; nothing is called before the first request. */
export async function openServices(
  profile: ConnectorProfile,
  env: Pick<
    ConnectorEnvironment,
    | 'ETHEREUM_RPC_URL'
    | 'PRESCRIPTION_TOKEN_ADDRESS'
    | 'ASSISTANCE_FUND_ADDRESS'
    | 'CONNECTOR_NOTARIES'
    | 'NOTARY_TOKEN'
  >,
): Promise<OpenServices> {
  const gateways = new Map<string, GatewayConnection>();
  const offices = new Map<string, EnrolmentOffice>();
  // Each is a process of its organisation; this one has none of their keys.
  const notaries = Object.entries(env.CONNECTOR_NOTARIES).map(([mspId, url]) =>
    remoteNotary(mspId, url, env.NOTARY_TOKEN ?? ''),
  );
  const escrows = new Map<string, Escrow>();
  const systems = new Map<string, Systems>();
  const { organisations } = profile.ledger();
  const gatewayOf = (host: string) => {
    const endpoint = organisations[host]?.gateway;
    if (!endpoint) throw new Error(`The ledger profile has no gateway of ${host}.`);
    const gateway = gateways.get(host) ?? openGateway(endpoint);
    gateways.set(host, gateway);
    return gateway;
  };
  const open = (mspId: string, files: { certFile: string; keyFile: string }, host = mspId) =>
    gatewayOf(host).as(readIdentity(mspId, files));
  const systemsOf = (mspId: string) => {
    const found = systems.get(mspId);
    if (!found) throw new ConnectorError('NOT_SERVED', `${mspId} lets no systems sign here`);
    return found;
  };
  for (const [mspId, { ca, registrar, escrow, systems: signing }] of Object.entries(profile.organisations)) {
    if (ca && registrar) {
      const ledger = open(mspId, registrar, gatewayHosts[mspId]);
      const authority = await readAuthority(mspId, ca);
      offices.set(mspId, { authority, ledger });
      if (signing) {
        const connectAs = (identity: LedgerIdentity) => gatewayOf(mspId).as(identity);
        systems.set(mspId, createSystems(mspId, { authority, seed: readSeed(signing.seedFile), ledger, connectAs }));
      }
    }
    if (registrar && escrow) {
      const seed = readSeed(escrow.seedFile);
      escrows.set(mspId, createEscrow(open(mspId, registrar), readIdentity(mspId, registrar), seed));
    }
  }
  const token = { rpcUrl: env.ETHEREUM_RPC_URL, address: env.PRESCRIPTION_TOKEN_ADDRESS };
  const { registrarKeyFile, gasAllowance } = profile.ethereum;
  const registrarKey = readEthereumKey(registrarKeyFile);
  const inTurn = createQueue();
  const prescribers = createPrescribers(token, registrarKey, gasAllowance, inTurn);
  const fund = openFundOffice({
    ...{ rpcUrl: env.ETHEREUM_RPC_URL, address: env.ASSISTANCE_FUND_ADDRESS, key: registrarKey, inTurn },
  });
  const notariesOf = (channel: string) => {
    const members = profile.ledger().channels.find(({ name }) => name === channel)?.organisations ?? [];
    return notaries.filter(({ mspId }) => members.includes(mspId));
  };
  /** The channels of a kind that an organisation's clients may use, as the profile has them now. */
  const channelsOf = (mspId: string, kind: string) =>
    profile
      .ledger()
      .channels.filter((channel) => channel.kind === kind && channel.organisations.includes(mspId))
      .map(({ name }) => name);
  const mirroring = (mspId: string) =>
    (['care', 'supply', 'claims'] as const).flatMap((contract) =>
      channelsOf(mspId, contract).map((channel) => ({ channel, contract })),
    );
  return {
    enrol: (enrolment) => enrol(offices, prescribers, enrolment),
    certify: (wanted) => certify(offices, wanted),
    certifyDevice: (wanted) => certifyDevice(offices, wanted),
    authorities: async () => ({
      authorities: [...offices].map(([mspId, { authority }]) => ({
        mspId,
        pem: authority.certificate.toString('pem'),
      })),
    }),
    proposeInstitution: (proposal) => proposeInstitution(offices, proposal),
    registerPatient: (patient) => registerPatient(offices, patient),
    releaseShares: async (request) => {
      const escrow = escrows.get(request.mspId);
      if (!escrow) throw new ConnectorError('NOT_SERVED', `${request.mspId} keeps no shares here`);
      return escrow.release(request);
    },
    settleWallets: (person) => settleWallets(offices, prescribers, person),
    systemKeys: async (system) => systemsOf(system.mspId).keysOf(system),
    capture: async (request) => systemsOf(request.mspId).capture(request),
    anchor: async (request) => systemsOf(request.mspId).anchor(request),
    alert: async (request) => systemsOf(request.mspId).alert(request),
    archiveKey: async (request) => systemsOf(request.mspId).archiveKey(request),
    bringStatement: (statement) => bringStatement(offices, statement),
    memberWrap: (request) => readMemberWrap(offices, request),
    help: (request) => fund.help(request),
    attest: async (id) => attest(notariesOf(careChannelOf(id)), await readTokenTerms(token), appointedBy(token), id),
    receipt: async (id) =>
      giveReceipt(notariesOf(careChannelOf(id)), await readTokenTerms(token), appointedBy(token), id),
    dispenseReceipt: async (id, dispenseId) => {
      const terms = await readTokenTerms(token);
      return giveDispenseReceipt(notariesOf(careChannelOf(id)), terms, appointedBy(token), id, dispenseId);
    },
    follow: async (log, signal) => {
      const duties = [...offices].flatMap(([mspId, { ledger }]) => {
        const follow = (duty: RegistryDuty) => followRegistry({ mspId, ledger, duty, log, pause }, signal);
        const complete = () => {
          const channels = ['registry', 'care'].flatMap((kind) => channelsOf(mspId, kind));
          return completeReenrolments(mspId, ledger, channels, log);
        };
        return [
          // Patients have no entry on the registry.
          ...(gatewayHosts[mspId] === undefined ? [follow(prescriberRole(mspId, ledger, prescribers))] : []),
          ...(mspId === regulatorMsp ? [follow(mirrorStandings(ledger, () => mirroring(mspId), log))] : []),
          repeat('re-enrolments', dutyEveryMs, complete, log, signal),
        ];
      });
      const escrowed = [...escrows.values()].map((escrow) =>
        repeat('escrow key', dutyEveryMs, escrow.publish, log, signal),
      );
      await Promise.all([...duties, ...escrowed]);
    },
    close: () => {
      for (const gateway of gateways.values()) gateway.close();
    },
  };
}
