import type { Hex } from 'viem';
import { z } from 'zod';
import type { NewAlert } from '#chaincode/model/alert.ts';
import { type Category, category } from '#chaincode/model/category.ts';
import { type StoredCategory, storedCategory } from '#chaincode/model/healthRecord.ts';
import { institutionId, patientPseudonym } from '#chaincode/model/identifiers.ts';
import {
  type ContentWrap,
  type ContentWraps,
  contentWrap,
  type MemberAction,
  type SignedStatement,
} from '#chaincode/model/policy.ts';
import { deviceKeys } from '#chaincode/model/records.ts';
import type { Device, Institution } from '#chaincode/model/registry.ts';
import { type Anchored, anchored, type Batch } from '#chaincode/model/telemetry.ts';
import type { Quote } from '#contracts/typedData.ts';
import { type DispenseReceipt, dispenseReceipt } from '#crypto/dispenseReceipt.ts';
import { type Receipt, receipt } from '#crypto/receipt.ts';
import type { ErrorCode } from '#server/errors.ts';
import { type ConnectorAddress, connectorCall } from './call.ts';

export interface EnrolmentRequest {
  mspId: string;
  role: string;
  subjectId: string;
  institutionId?: string;
  licence?: { number: string; specialty: string; validFrom: string; validTo: string };
  csrPem: string;
  /** X-Wing public key, base64url. */
  readingKey: string;
  /** 0x and 40 lower-case hex digits. */
  wallet: string;
  /** The wallet's signature over this enrolment. */
  walletProof: string;
  /** Care channel of a patient. */
  channel?: string;
}

/** A person's next keys. The present key, which the ledger still records, signs for them; or the ledger records them. */
export interface CertificateRequest {
  mspId: string;
  subjectId: string;
  /** By the next signing key. */
  csrPem: string;
  /** The next X-Wing public key, base64url. */
  readingKey: string;
  /** 0x and 40 lower-case hex digits; as before. */
  wallet: string;
  /** The present certificate and its key's signature of `rotationStatement`, base64url. */
  present?: { certificatePem: string; proof: string };
}

const enrolmentReply = z.object({ certificatePem: z.string().startsWith('-----BEGIN CERTIFICATE-----').max(8192) });

const hex = (bytes: number) => z.string().regex(new RegExp(`^0x[0-9a-fA-F]{${bytes * 2}}$`));

const attestationReply = z.object({
  attestation: z.looseObject({
    /** Decimal or 0x. */
    tokenId: z.union([z.string(), z.number()]),
    /** Ordinal of the contract's state. */
    state: z.int().min(0).max(255),
    version: z.union([z.int().min(1), z.string()]),
    channel: hex(32),
    blockHash: hex(32),
    deadline: z.union([z.int(), z.string()]),
  }),
  signatures: z
    .array(z.object({ notary: hex(20), signature: hex(65) }))
    .min(1)
    .max(32),
});

const authoritiesReply = z.object({
  authorities: z
    .array(z.object({ mspId: z.string(), pem: z.string().startsWith('-----BEGIN CERTIFICATE-----').max(8192) }))
    .max(100),
});
export type CertificateAuthority = z.infer<typeof authoritiesReply>['authorities'][number];

/** An organisation's sealed shares of a patient's categories, as `access:readEscrow` answers them, for a person. */
export interface ShareRequest {
  mspId: string;
  patient: string;
  person: string;
  shares: { category: Category; epoch: number; wrap: string }[];
}
const sharesReply = z.object({
  shares: z.array(z.object({ category, epoch: z.int().positive(), wrap: z.string().max(1600) })).max(10),
});
export type ReleasedShare = z.infer<typeof sharesReply>['shares'][number];

const registrationReply = z.object({ pseudonym: patientPseudonym });

const proposalReply = z.object({ id: institutionId });

const settlementReply = z.object({ linked: z.array(hex(20)).max(100) });

/** Events that a partner's system records, signed by the connector in its name. */
export interface CaptureRequest {
  mspId: string;
  /** `dev-…` */
  system: string;
  /** `rollback`: nothing goes to any channel unless every event would be accepted. */
  mode: 'rollback' | 'proceed';
  /** For each channel a JSON list of 1 to 500 events. */
  parts: { channel: string; events: string }[];
}
const captureReply = z.object({
  recorded: z.boolean(),
  parts: z
    .array(
      z.object({
        channel: z.string(),
        outcomes: z
          .array(
            z.object({
              hash: z.string().max(200),
              outcome: z.enum(['accepted', 'refused', 'duplicate']),
              /** Why it is refused; of a duplicate, why it was and would be again. */
              code: z.string().max(64).optional(),
              detail: z.string().max(2_000).optional(),
            }),
          )
          .max(500),
      }),
    )
    .max(32),
});
/** What the contract said, in the order of the request; `recorded` is false where it was not submitted. */
export type CaptureReply = z.infer<typeof captureReply>;

/** What a telemetry gateway brings to one care channel, signed by the connector in its name. */
interface FromGateway {
  mspId: string;
  /** `dev-…`, of purpose `gateway`. */
  system: string;
  channel: string;
}
export type AnchorRequest = FromGateway & { batches: Batch[] };
export type AlertRequest = FromGateway & { raise: NewAlert[]; escalate: string[] };
const alertReply = z.object({ escalated: z.array(z.string()) });

/** What the assistance fund is to pay of a patient's share, by the insurer's quote. */
export interface HelpRequest {
  quote: Quote;
  signature: Hex;
  /** Blinded number of who is helped: 64 hex digits. */
  beneficiary: string;
  /** In the coin's smallest unit. */
  amount: bigint;
}
const helpReply = z.object({ amount: z.string().regex(/^[0-9]{1,30}$/), transactionHash: hex(32) });

const broughtReply = z.object({ brought: z.literal(true) });

export type AttestationReply = z.infer<typeof attestationReply>;

/** The institution's own process: it holds the keys of certificate authority, registrar and notary; the portal asks. */
export interface ConnectorGateway {
  /** Issues a certificate for the CSR and records the keys on the ledger; the same key may be asked for again. */
  enrol(request: EnrolmentRequest): Promise<{ certificatePem: string }>;
  /** Issues the certificate of a person's next keys and records nothing; the same request may be repeated. */
  certify(request: CertificateRequest): Promise<{ certificatePem: string }>;
  /** Issues a certificate for a device with the key that `registry` records for it; may be repeated. */
  certifyDevice(device: { mspId: string; device: string; csrPem: string }): Promise<{ certificatePem: string }>;
  /** Roots of the organisations that the connector serves, which vaults pin. */
  authorities(): Promise<CertificateAuthority[]>;
  /** Proposes an institution to the authority, in the name of its organisation: ALREADY_EXISTS. */
  proposeInstitution(proposal: Pick<Institution, 'id' | 'kind' | 'name' | 'mspId'>): Promise<{ id: string }>;
  /** Puts a patient without keys on the care channel, in the name of an organisation's registrar; may be repeated. */
  registerPatient(patient: { mspId: string; pseudonym: string }): Promise<{ pseudonym: string }>;
  /**
   * Shares of an organisation's escrow, wrapped anew for the person's reading key, where the organisation's own peer says that
   * the ledger releases them: NO_CONSENT; STALE_KEY where they are sealed for another key.
   */
  releaseShares(request: ShareRequest): Promise<ReleasedShare[]>;
  /** Signed statements of the notaries on the present state of a prescription. */
  attest(prescriptionId: string): Promise<AttestationReply>;
  /** The notaries' receipt of a prescription that is over: WRONG_STATE. */
  receipt(prescriptionId: string): Promise<Receipt>;
  /** Their receipt of one dispense of a prescription: NOT_FOUND. */
  dispenseReceipt(prescriptionId: string, dispenseId: string): Promise<DispenseReceipt>;
  /** Brings the prescriber role of a person's wallets in line with the registry, as the institution's own peer has it. */
  settleWallets(person: { mspId: string; subjectId: string }): Promise<{ linked: string[] }>;
  /** Public keys of a partner's system that is to be registered; always the same for one id. */
  systemKeys(system: { mspId: string; institutionId: string; system: string }): Promise<Device['keys']>;
  /** Records events in a system's name, and waits until they are committed. May be repeated: what is there is a duplicate. */
  capture(request: CaptureRequest): Promise<CaptureReply>;
  /** Anchors batches of readings, up to 500 of one channel. May be repeated: what is there is a duplicate. */
  anchor(request: AnchorRequest): Promise<Anchored>;
  /** Raises alerts and escalates those that are due, up to 50 each. May be repeated; answers which were escalated now. */
  alert(request: AlertRequest): Promise<{ escalated: string[] }>;
  /** The public key under which a patient's circle archives its keys, as a gateway may know it: RECORD_NOT_OPENED. */
  archiveKey(request: { mspId: string; system: string; patient: string }): Promise<StoredCategory>;
  /** Brings what a member of an insurance has signed, with wraps where it has some; the ledger's refusals. */
  bringStatement(brought: {
    action: Exclude<MemberAction, 'read'>;
    statement: SignedStatement;
    wraps?: ContentWraps | undefined;
  }): Promise<{ brought: true }>;
  /** The data key that is wrapped for a member, by a signed statement to read it: NOT_FOUND, NOT_AUTHORISED. */
  memberWrap(statement: SignedStatement): Promise<ContentWrap>;
  /**
   * Has the assistance fund's officer grant help and pay it, each where the contract does not say that it is done: may be repeated after
   * anything. WRONG_STATE with the contract's error.
   */
  help(request: HelpRequest): Promise<{ amount: string; transactionHash: string }>;
  health(): Promise<void>;
}

const refusals: Partial<Record<string, ErrorCode>> = {
  KEY_EXISTS: 'KEY_EXISTS',
  ALREADY_EXISTS: 'ALREADY_EXISTS',
  NOT_FOUND: 'NOT_FOUND',
  NOT_REGISTERED: 'NOT_REGISTERED',
  SUSPENDED: 'SUSPENDED',
  NOT_AUTHORISED: 'NOT_AUTHORISED',
  NOT_SERVED: 'NOT_SERVED',
  NO_CONSENT: 'NO_CONSENT',
  STALE_KEY: 'STALE_KEY',
  INVALID_ARGUMENT: 'INVALID_ARGUMENT',
  RECORD_NOT_OPENED: 'RECORD_NOT_OPENED',
  WRONG_STATE: 'WRONG_STATE',
  NOT_INSURED: 'NOT_INSURED',
  STALE: 'STALE',
  CLOCK_SKEW: 'CLOCK_SKEW',
};

/** A client of the connector's HTTP interface. Unreachable or 5xx: CONNECTOR_UNAVAILABLE; 4xx: its own code. */
export function openConnector(address: ConnectorAddress): ConnectorGateway {
  const call = connectorCall(address, refusals);
  return {
    enrol: (request) => call('POST', '/enrolments', enrolmentReply, request, 30_000),
    certify: (request) => call('POST', '/certificates', enrolmentReply, request, 30_000),
    certifyDevice: (device) => call('POST', '/devices/certificates', enrolmentReply, device, 30_000),
    authorities: async () => (await call('GET', '/authorities', authoritiesReply, undefined, 5_000)).authorities,
    proposeInstitution: (proposal) => call('POST', '/institutions', proposalReply, proposal, 30_000),
    registerPatient: (patient) => call('POST', '/patients', registrationReply, patient, 30_000),
    releaseShares: async (request) => (await call('POST', '/escrow/shares', sharesReply, request, 15_000)).shares,
    attest: (prescriptionId) => call('POST', '/attestations', attestationReply, { prescriptionId }, 15_000),
    receipt: (prescriptionId) => call('POST', '/receipts', receipt, { prescriptionId }, 15_000),
    dispenseReceipt: (prescriptionId, dispenseId) =>
      call('POST', '/dispense-receipts', dispenseReceipt, { prescriptionId, dispenseId }, 15_000),
    settleWallets: (person) => call('POST', '/wallets', settlementReply, person, 30_000),
    systemKeys: (system) => call('POST', '/systems', deviceKeys, system, 15_000),
    capture: (request) => call('POST', '/captures', captureReply, request, 60_000),
    anchor: (request) => call('POST', '/anchors', anchored, request, 60_000),
    alert: (request) => call('POST', '/alerts', alertReply, request, 30_000),
    bringStatement: (brought) => call('POST', '/claims/statements', broughtReply, brought, 30_000),
    memberWrap: (statement) => call('POST', '/claims/wraps', contentWrap, { statement }, 10_000),
    help: (request) => call('POST', '/assistance', helpReply, helpBody(request), 60_000),
    archiveKey: (request) => call('POST', '/archive-keys', storedCategory, request, 15_000),
    health: async () => {
      await call('GET', '/health', z.unknown(), undefined, 2_000);
    },
  };
}

const helpBody = ({ quote, signature, beneficiary, amount }: HelpRequest) => ({
  quote: { ...quote, insurerAmount: `${quote.insurerAmount}`, patientAmount: `${quote.patientAmount}` },
  ...{ signature, beneficiary: `0x${beneficiary}`, amount: `${amount}` },
});
