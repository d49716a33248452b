import { buildQrText, formatAccessCode, parseAccessCode, parseQrText } from '#crypto/accessCode.ts';
import { type Bytes, fromBase64Url, toBase64Url } from '#crypto/bytes.ts';
import { commitmentOpensTo } from '#crypto/commitment/commitment.ts';
import { disclose, encodeDisclosure } from '#crypto/commitment/disclosure.ts';
import type { CommitmentField } from '#crypto/commitment/fields.ts';
import { sealRegisterEntry } from '#crypto/controlledRegister.ts';
import { newPrescriptionId } from '#crypto/identifier.ts';
import {
  composeIssue,
  composeRenewal,
  type IssueTerms,
  openAuthorWrap,
  openContent,
  openPatientWrap,
  openResumePacket,
} from '#crypto/prescription.ts';
import { redeemHashOf, redeemKeyOf } from '#crypto/redeem.ts';
import { safetySummaryOf } from '#crypto/safety.ts';
import { tokenHolderOf } from '#crypto/token.ts';
import { unwrapUnderCode } from '#crypto/wrap.ts';
import {
  buildMedicationRequest,
  type MedicationRequest,
  type PrescriptionContent,
  parseMedicationRequest,
  safetyOf,
} from '#fhir/medicationRequest.ts';
import { encodeResource } from '#fhir/parse.ts';
import { findProduct } from '#formulary/products.ts';
import type { TransactionIntent } from '#server/transactions/schema.ts';
import { VaultError } from './errors.ts';
import { bySeed, type OpenedContent, type OpenState } from './openVault.ts';
import { type ClaimedInstitution, trustAuthority } from './trust.ts';

export type IssueIntent = Extract<TransactionIntent, { kind: 'issue' }>;

export interface NewPrescription extends Omit<PrescriptionContent, 'id' | 'requester' | 'patient'> {
  /** Whose register a controlled medicine is entered in. */
  authority?: ClaimedInstitution;
  patient: PrescriptionContent['patient'] & {
    pseudonym: string;
    /** X-Wing public key, as the ledger has it. */
    readingKey: string;
  };
  /** The doctor as the prescription names the doctor. */
  requester: { name: string; institution?: string };
  /** What the ledger is told of it besides, but for its window. */
  terms?: Omit<IssueTerms, 'validFrom'>;
}

/** What the ledger recorded of an encrypted prescription. */
export interface RecordedPrescription {
  id: string;
  /** `prac-…` */
  author: string;
  cid: string;
  contentHash: string;
  commitment: string;
}

export interface ShownCode {
  /** In groups, for typing. */
  typed: string;
  qrText: string;
}

export interface OpenedPrescription {
  request: MedicationRequest;
  /** Whether the commitment that ledger and token hold is that of this very content. */
  commitmentMatches: boolean;
  /** Only for the patient. */
  code?: ShownCode;
}

const show = (origin: string, id: string, code: Uint8Array): ShownCode => ({
  typed: formatAccessCode(code),
  qrText: buildQrText(origin, id, code),
});

/** Reads a scanned or typed code and keeps it; answers the hash by which the ledger knows it. */
export function redeemText(
  state: OpenState,
  text: string,
  origin: string,
): { redeemHash: string; prescriptionId?: string } {
  const isQr = /^\s*[a-z][a-z0-9+.-]*:/i.test(text);
  const scanned = isQr ? parseQrText(text, origin) : { code: parseAccessCode(text) };
  const redeemHash = redeemHashOf(scanned.code);
  state.codes.set(redeemHash, scanned.code);
  return { redeemHash, ...('prescriptionId' in scanned && { prescriptionId: scanned.prescriptionId }) };
}

/** Opens the content of a prescription and keeps it. Throws UNREADABLE, and what opening ciphertext throws. */
export async function openAndKeep(
  state: OpenState,
  dataKey: Bytes,
  recorded: RecordedPrescription,
  bytes: Uint8Array,
  code?: Bytes,
): Promise<OpenedPrescription> {
  const plaintext = await openContent(dataKey, bytes, recorded);
  const request = parseMedicationRequest(plaintext);
  if (request.id !== recorded.id || request.requester.identifier?.value !== recorded.author) {
    throw new VaultError('UNREADABLE', 'The content names another prescription or author than the ledger.');
  }
  state.prescriptions.set(recorded.id, { dataKey, request, document: plaintext, ...(code && { code }) });
  return { request, commitmentMatches: commitmentOpensTo(recorded.commitment, dataKey, plaintext) };
}

/** Throws NOT_OPENED. */
export function openedBefore(state: OpenState, id: string): OpenedContent {
  const known = state.prescriptions.get(id);
  if (known === undefined) throw new VaultError('NOT_OPENED', 'Open the prescription first.');
  return known;
}

/** The entry of a controlled medicine in the authority's register. Throws REGISTER_MISSING, and what is wrong with the key. */
async function registerOf(
  state: OpenState,
  authority: NewPrescription['authority'],
  { id, product, quantity, authoredOn }: Pick<PrescriptionContent, 'id' | 'product' | 'quantity' | 'authoredOn'>,
) {
  if (authority === undefined) {
    throw new VaultError(
      'REGISTER_MISSING',
      'The health authority has no key for its register of controlled medicines.',
    );
  }
  const reader = await trustAuthority(state, authority);
  const { code: medicine, atc, name, strength, unit } = product;
  return sealRegisterEntry(
    {
      ...{ id, medicine, atc, name: `${name} ${strength}`, quantity, unit },
      ...{ author: state.owner.subjectId, at: authoredOn },
    },
    { ...reader, generation: authority.reading.generation },
  );
}

/** Makes and opens prescriptions with the person's keys. Data keys stay here. */
export function prescriptionOperations(opened: () => OpenState) {
  const open = openAndKeep;

  const codeOf = (state: OpenState, redeemHash: string): Bytes => {
    const code = state.codes.get(redeemHash);
    if (code === undefined) throw new VaultError('CODE_MISSING', 'Scan or type the access code again.');
    return code;
  };

  return {
    /** Makes a prescription of a product of the formulary, and all that is recorded of it. Throws NOT_IN_FORMULARY. */
    async composePrescription(input: NewPrescription): Promise<{ intent: IssueIntent; request: MedicationRequest }> {
      const state = opened();
      const { patient, requester, terms, authority, ...content } = input;
      // What is signed is the formulary's own entry, whatever else the page says of the product.
      const product = findProduct(content.product.code);
      if (product === undefined) throw new VaultError('NOT_IN_FORMULARY', 'This product is not in the formulary.');
      const { pseudonym, readingKey, ...identity } = patient;
      const author = { id: state.owner.subjectId, readingKey: state.readingKey };
      const id = newPrescriptionId(pseudonym);
      const request = buildMedicationRequest({
        ...content,
        product,
        id,
        patient: identity,
        requester: { ...requester, id: author.id },
      });
      const document = encodeResource(request);
      const safety = safetyOf(request);
      const composed = await composeIssue({
        id,
        author,
        patient: { id: pseudonym, readingKey },
        document,
        expires: content.expires,
        quantity: content.quantity,
        fills: content.repeats + 1,
        terms: {
          ...terms,
          ...(content.validFrom !== undefined && { validFrom: content.validFrom }),
          // Of the resource as it was built, which is what whoever opens it has.
          ...(safety !== undefined && { safety: safetySummaryOf(id, safety) }),
        },
        ...(product.controlled && { register: await registerOf(state, authority, { ...content, product, id }) }),
      });
      const { dataKey, code, ...parts } = composed;
      code.fill(0);
      state.prescriptions.set(id, { dataKey, request, document });
      return { intent: { kind: 'issue', ...parts }, request };
    },

    /**
     * Completes an issue that was begun in another browser, from the author's own sealed packet. What the portal kept of
     * it is signed only where it is what was sealed, and what the author's own content says. Throws ALTERED.
     */
    async resumeFromPacket(input: { intent: Omit<IssueIntent, 'secrets' | 'register'> }): Promise<IssueIntent> {
      const state = opened();
      const { owner } = state;
      const { intent } = input;
      const { issue } = intent;
      const { secrets, register } = await bySeed(state, (seed) =>
        openResumePacket(seed, issue, owner.subjectId, intent.resumePacket),
      );
      const dataKey = await bySeed(state, (seed) =>
        openAuthorWrap(seed, issue.id, owner.subjectId, secrets.authorWrap),
      );
      const recorded = { ...issue, author: owner.subjectId };
      const { request, commitmentMatches } = await open(state, dataKey, recorded, fromBase64Url(intent.envelope));
      const { validityPeriod, numberOfRepeatsAllowed, quantity } = request.dispenseRequest;
      const own =
        commitmentMatches &&
        intent.tokenHolder === tokenHolderOf(dataKey) &&
        issue.quantity === quantity.value &&
        issue.fills === numberOfRepeatsAllowed + 1 &&
        issue.expires === validityPeriod.end &&
        (issue.validFrom ?? request.authoredOn) === validityPeriod.start;
      if (!own) throw new VaultError('ALTERED', 'What the portal kept of this prescription is not what you wrote.');
      return { ...intent, secrets, ...(register && { register }) };
    },

    /** Opens a prescription as its author or patient. */
    async openPrescription(input: {
      recorded: RecordedPrescription;
      as: 'author' | 'patient';
      wrap: string;
      bytes: Uint8Array;
      origin: string;
    }): Promise<OpenedPrescription> {
      const state = opened();
      const { recorded, wrap, bytes, origin } = input;
      const { subjectId } = state.owner;
      if (input.as === 'author') {
        const dataKey = await bySeed(state, (seed) => openAuthorWrap(seed, recorded.id, subjectId, wrap));
        return open(state, dataKey, recorded, bytes);
      }
      const { dataKey, code } = await bySeed(state, (seed) => openPatientWrap(seed, recorded.id, subjectId, wrap));
      return { ...(await open(state, dataKey, recorded, bytes)), code: show(origin, recorded.id, code) };
    },

    /**
     * The proof of chosen fields of a prescription that was opened before, as `decodeDisclosure` reads it: for a link, a code, a
     * file in a PDF. It holds neither key nor access code.
     */
    async discloseFields(input: { prescriptionId: string; fields: CommitmentField[] }): Promise<Bytes> {
      const { dataKey, document } = openedBefore(opened(), input.prescriptionId);
      return encodeDisclosure(disclose(dataKey, input.prescriptionId, document, input.fields));
    },

    /** Reads a scanned or typed code and keeps it; the page gets the hash by which the ledger knows it. */
    async redeem(input: { text: string; origin: string }): Promise<{ redeemHash: string; prescriptionId?: string }> {
      return redeemText(opened(), input.text, input.origin);
    },

    /** The acceptance of a prescription by the code that was read. */
    async composeAccept(input: {
      id: string;
      redeemHash: string;
    }): Promise<Extract<TransactionIntent, { kind: 'accept' }>> {
      const code = codeOf(opened(), input.redeemHash);
      return { kind: 'accept', id: input.id, redeemKey: toBase64Url(redeemKeyOf(code)) };
    },

    /** Opens an accepted prescription with the code that was read and what the ledger released. */
    async openRelease(input: {
      recorded: RecordedPrescription;
      redeemHash: string;
      release: { codeWrap: string; releaseShare: string };
      bytes: Uint8Array;
    }): Promise<OpenedPrescription> {
      const state = opened();
      const { recorded, release, bytes } = input;
      const code = codeOf(state, input.redeemHash);
      return open(state, await unwrapUnderCode(recorded.id, code, release), recorded, bytes, code);
    },

    /** A new access code for the patient's own prescription; to be shown once it is recorded. */
    async renewCode(input: {
      id: string;
      origin: string;
    }): Promise<{ intent: Extract<TransactionIntent, { kind: 'renewCode' }>; code: ShownCode }> {
      const state = opened();
      const { dataKey } = openedBefore(state, input.id);
      const patient = { id: state.owner.subjectId, readingKey: state.readingKey };
      const { redeemHash, secrets, code } = await composeRenewal(input.id, dataKey, patient);
      const shown = show(input.origin, input.id, code);
      code.fill(0);
      return { intent: { kind: 'renewCode', id: input.id, redeemHash, secrets }, code: shown };
    },
  };
}
