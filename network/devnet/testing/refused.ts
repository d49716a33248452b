import { common, gateway, orderer, peer } from '@hyperledger/fabric-protos';
import { raiseS } from '../identity/signature.ts';
import {
  type Answer,
  type ProposalOptions,
  type RawCalls,
  serialised,
  signatureOf,
  signedEnvelope,
  signedProposal,
} from './calls.ts';
import type { Credential } from './organisations.ts';

/** Who may call, and who may not. */
export interface Callers {
  client: Credential;
  /** A client of an organisation without a peer. */
  guest: Credential;
  peer: Credential;
  orderer: Credential;
  revoked: Credential;
  expired: Credential;
  /** Of no MSP, under a name of its own. */
  stranger: Credential;
  /** A certificate of the stranger's CA, said to be AlphaMSP's. */
  impostor: Credential;
  authority: Credential;
  twoRoles: Credential;
}

type Options = Omit<ProposalOptions, 'credential' | 'channel' | 'chaincode'> & Partial<ProposalOptions>;

const tooFew = (wrong: Uint8Array) => Buffer.from(wrong).fill(1, 10, 20);

/** Proposals that are refused before any chaincode runs, by what is wrong with them. */
export function badProposals(callers: Callers): Record<string, Options> {
  return {
    'unknown channel': { channel: 'nowhere' },
    'unknown chaincode': { chaincode: 'nothing' },
    'unknown chaincode with transient data': { chaincode: 'nothing', transient: { key: 'value' } },
    'bad signature': { forge: tooFew },
    'no signature': { forge: () => new Uint8Array() },
    'high S': { forge: raiseS },
    'unknown MSP': { credential: callers.stranger },
    'foreign CA': { credential: callers.impostor },
    'CA certificate': { credential: callers.authority },
    'two roles': { credential: callers.twoRoles },
    revoked: { credential: callers.revoked },
    expired: { credential: callers.expired },
    peer: { credential: callers.peer },
    orderer: { credential: callers.orderer },
    'wrong id': { alter: ({ channelHeader }) => channelHeader.setTxId('00') },
    'no nonce': { alter: ({ signatureHeader }) => signatureHeader.setNonce('') },
    'no creator': { alter: ({ signatureHeader }) => signatureHeader.setCreator('') },
    'header type': { alter: ({ channelHeader }) => channelHeader.setType(common.HeaderType.MESSAGE) },
    epoch: { alter: ({ channelHeader }) => channelHeader.setEpoch(1) },
    'no name in the header': { alter: ({ extension }) => extension.getChaincodeId()?.setName('') },
    'no input': { alter: ({ spec }) => spec.clearInput() },
  };
}

const usual = (callers: Callers) => ({ credential: callers.client, channel: 'one', chaincode: 'probe' });

export async function refusedEvaluations(calls: RawCalls, callers: Callers): Promise<Record<string, Answer>> {
  const evaluate = async (options: Options, targets: string[] = []) => {
    const request = new gateway.EvaluateRequest();
    request.setProposedTransaction(await signedProposal({ ...usual(callers), ...options }));
    request.setTargetOrganizationsList(targets);
    return calls.unary('Evaluate', request);
  };
  const garbage = new gateway.EvaluateRequest();
  const signed = new peer.SignedProposal();
  signed.setProposalBytes(Buffer.from([0xff, 0xff]));
  garbage.setProposedTransaction(signed);
  const system = (chaincode: string, ...args: (string | Uint8Array)[]) => evaluate({ chaincode, args });
  const definition = new peer.lifecycle.QueryChaincodeDefinitionArgs();
  definition.setName('nothing');
  const answers: Record<string, Answer> = {
    'no proposal': await calls.unary('Evaluate', new gateway.EvaluateRequest()),
    garbage: await calls.unary('Evaluate', garbage),
    'no channel': await evaluate({ channel: '' }),
    'no chaincode': await evaluate({ chaincode: '' }),
    'unknown target': await evaluate({}, ['GuestMSP']),
    'qscc without channel': await system('qscc', 'GetChainInfo'),
    'qscc on an unknown channel': await system('qscc', 'GetChainInfo', 'nowhere'),
    'qscc without argument': await system('qscc', 'GetBlockByNumber', 'one'),
    'qscc, unknown function': await system('qscc', 'GetNothing', 'one', 'x'),
    'qscc, no number': await system('qscc', 'GetBlockByNumber', 'one', 'x'),
    'qscc, number too large': await system('qscc', 'GetBlockByNumber', 'one', '99999999999999999999'),
    'qscc, no such block': await system('qscc', 'GetBlockByNumber', 'one', '4711'),
    'qscc, no such hash': await system('qscc', 'GetBlockByHash', 'one', Buffer.from('abcd')),
    'qscc, no such transaction': await system('qscc', 'GetTransactionByID', 'one', 'abcd'),
    'qscc, no block of a transaction': await system('qscc', 'GetBlockByTxID', 'one', 'abcd'),
    'qscc by an orderer': await evaluate({
      credential: callers.orderer,
      chaincode: 'qscc',
      args: ['GetChainInfo', 'one'],
    }),
    'cscc without function': await system('cscc'),
    'cscc, unknown function': await system('cscc', 'GetNothing', 'one'),
    'cscc on an unknown channel': await system('cscc', 'GetConfigBlock', 'nowhere'),
    'cscc on no channel': await system('cscc', 'GetChannelConfig', ''),
    'cscc by a guest': await evaluate({ credential: callers.guest, chaincode: 'cscc', args: ['GetChannels'] }),
    'cscc by an orderer': await evaluate({
      credential: callers.orderer,
      chaincode: 'cscc',
      args: ['GetConfigBlock', 'one'],
    }),
    '_lifecycle without arguments': await system('_lifecycle', 'QueryChaincodeDefinition'),
    '_lifecycle, unknown function': await system('_lifecycle', 'QueryNothing', ''),
    '_lifecycle, not defined': await system('_lifecycle', 'QueryChaincodeDefinition', definition.serializeBinary()),
    '_lifecycle by an orderer': await evaluate({
      credential: callers.orderer,
      chaincode: '_lifecycle',
      args: ['QueryChaincodeDefinitions', ''],
    }),
  };
  for (const [name, options] of Object.entries(badProposals(callers))) answers[name] = await evaluate(options);
  return answers;
}

export async function refusedEndorsements(calls: RawCalls, callers: Callers): Promise<Record<string, Answer>> {
  const endorse = async (options: Options, organisations: string[] = []) => {
    const request = new gateway.EndorseRequest();
    request.setProposedTransaction(await signedProposal({ ...usual(callers), ...options }));
    request.setEndorsingOrganizationsList(organisations);
    return calls.unary('Endorse', request);
  };
  const garbage = new gateway.EndorseRequest();
  const signed = new peer.SignedProposal();
  signed.setProposalBytes(Buffer.from([0xff, 0xff]));
  garbage.setProposedTransaction(signed);
  const answers: Record<string, Answer> = {
    'no proposal': await calls.unary('Endorse', new gateway.EndorseRequest()),
    garbage: await calls.unary('Endorse', garbage),
    'unknown organisations': await endorse({}, ['GuestMSP', 'NobodyMSP']),
    'bad signature for named organisations': await endorse({ forge: tooFew }, ['AlphaMSP', 'BetaMSP']),
    'system chaincode': await endorse({ chaincode: 'qscc', args: ['GetChainInfo', 'one'] }),
  };
  for (const [name, options] of Object.entries(badProposals(callers))) answers[name] = await endorse(options);
  return answers;
}

export async function refusedSubmissions(calls: RawCalls, callers: Callers): Promise<Record<string, Answer>> {
  const submit = async (options: Options & { data?: Uint8Array }, channel = 'one') => {
    const request = new gateway.SubmitRequest();
    request.setChannelId(channel);
    request.setPreparedTransaction(await signedEnvelope({ ...usual(callers), ...options }));
    return calls.unary('Submit', request);
  };
  const garbage = new gateway.SubmitRequest();
  garbage.setChannelId('one');
  const envelope = new common.Envelope();
  envelope.setPayload(Buffer.from([0xff, 0xff]));
  envelope.setSignature(Buffer.from('signature'));
  garbage.setPreparedTransaction(envelope);
  const type = (value: common.HeaderTypeMap[keyof common.HeaderTypeMap]): Options => ({
    alter: ({ channelHeader }) => channelHeader.setType(value),
  });
  return {
    'no transaction': await calls.unary('Submit', new gateway.SubmitRequest()),
    unsigned: await submit({ forge: () => new Uint8Array() }),
    garbage: await calls.unary('Submit', garbage),
    'unknown channel': await submit({}, 'nowhere'),
    'of an unknown channel': await submit({ channel: 'nowhere' }),
    'bad signature': await submit({ forge: tooFew }),
    'high S': await submit({ forge: raiseS }),
    'unknown MSP': await submit({ credential: callers.stranger }),
    'foreign CA': await submit({ credential: callers.impostor }),
    revoked: await submit({ credential: callers.revoked }),
    expired: await submit({ credential: callers.expired }),
    peer: await submit({ credential: callers.peer }),
    oversized: await submit({ data: Buffer.alloc(11 * 1024 * 1024) }),
    configuration: await submit(type(common.HeaderType.CONFIG)),
    'orderer transaction': await submit(type(common.HeaderType.ORDERER_TRANSACTION)),
  };
}

export async function refusedReads(calls: RawCalls, callers: Callers): Promise<Record<string, Answer>> {
  const status = async (
    options: {
      credential?: Credential;
      channel?: string;
      txId?: string;
      forge?: (signature: Uint8Array) => Uint8Array;
    },
    identity = true,
  ) => {
    const { credential = callers.client, channel = 'one', txId = 'abcd' } = options;
    const request = new gateway.CommitStatusRequest();
    if (identity) request.setIdentity(serialised(credential));
    request.setChannelId(channel);
    request.setTransactionId(txId);
    const signed = new gateway.SignedCommitStatusRequest();
    signed.setRequest(request.serializeBinary());
    signed.setSignature(await signatureOf({ ...options, credential }, request.serializeBinary()));
    return calls.unary('CommitStatus', signed);
  };
  const events = async (
    options: { credential?: Credential; channel?: string; forge?: (signature: Uint8Array) => Uint8Array },
    position?: orderer.SeekPosition,
  ) => {
    const { credential = callers.client, channel = 'one' } = options;
    const request = new gateway.ChaincodeEventsRequest();
    request.setIdentity(serialised(credential));
    request.setChannelId(channel);
    request.setChaincodeId('probe');
    request.setStartPosition(position);
    const signed = new gateway.SignedChaincodeEventsRequest();
    signed.setRequest(request.serializeBinary());
    signed.setSignature(await signatureOf({ ...options, credential }, request.serializeBinary()));
    return calls.events(signed);
  };
  const oldest = new orderer.SeekPosition();
  oldest.setOldest(new orderer.SeekOldest());
  const badStatus = new gateway.SignedCommitStatusRequest();
  badStatus.setRequest(Buffer.from([0xff, 0xff]));
  const badEvents = new gateway.SignedChaincodeEventsRequest();
  badEvents.setRequest(Buffer.from([0xff, 0xff]));
  return {
    'status of nothing': await calls.unary('CommitStatus', new gateway.SignedCommitStatusRequest()),
    'status, garbage': await calls.unary('CommitStatus', badStatus),
    'status, no identity': await status({}, false),
    'status, no channel': await status({ channel: '' }),
    'status, no id': await status({ txId: '' }),
    'status, unknown channel': await status({ channel: 'nowhere' }),
    'status, bad signature': await status({ forge: tooFew }),
    'status, unknown MSP': await status({ credential: callers.stranger }),
    'status, revoked': await status({ credential: callers.revoked }),
    'status, orderer': await status({ credential: callers.orderer }),
    'events of nothing': await calls.events(new gateway.SignedChaincodeEventsRequest()),
    'events, garbage': await calls.events(badEvents),
    'events, unknown channel': await events({ channel: 'nowhere' }),
    'events, bad signature': await events({ forge: tooFew }),
    'events, revoked': await events({ credential: callers.revoked }),
    'events, oldest': await events({}, oldest),
  };
}

/** How requests for blocks end, by what they ask for: the status, and how many blocks came before it. */
export async function deliveries(calls: RawCalls, callers: Callers): Promise<Record<string, string>> {
  const at = (number: number) => {
    const specified = new orderer.SeekSpecified();
    specified.setNumber(number);
    const position = new orderer.SeekPosition();
    position.setSpecified(specified);
    return position;
  };
  const newest = new orderer.SeekPosition();
  newest.setNewest(new orderer.SeekNewest());
  const seek = (start: orderer.SeekPosition | undefined, stop: orderer.SeekPosition | undefined, fail = false) => {
    const info = new orderer.SeekInfo();
    info.setStart(start);
    info.setStop(stop);
    if (fail) info.setBehavior(orderer.SeekInfo.SeekBehavior.FAIL_IF_NOT_READY);
    return info.serializeBinary();
  };
  const first = seek(at(0), at(0));
  const deliver = async (options: Options & { data?: Uint8Array }) => {
    const { status, blocks } = await calls.deliver(
      await signedEnvelope({ ...usual(callers), data: first, ...options }),
    );
    return `${status} ${blocks}`;
  };
  return {
    'first block': await deliver({}),
    'newest block': await deliver({ data: seek(newest, newest) }),
    'by a peer': await deliver({ credential: callers.peer }),
    'unknown channel': await deliver({ channel: 'nowhere' }),
    'bad signature': await deliver({ forge: tooFew }),
    revoked: await deliver({ credential: callers.revoked }),
    expired: await deliver({ credential: callers.expired }),
    'unknown MSP': await deliver({ credential: callers.stranger }),
    orderer: await deliver({ credential: callers.orderer }),
    garbage: await deliver({ data: Buffer.from([0xff, 0xff]) }),
    'no start': await deliver({ data: seek(undefined, at(0)) }),
    'no stop': await deliver({ data: seek(at(0), undefined) }),
    'stop before start': await deliver({ data: seek(at(1), at(0)) }),
    'far ahead': await deliver({ data: seek(at(4711), at(4712)) }),
    'not ready': await deliver({ data: seek(at(0), at(4711), true) }).then((text) => text.split(' ')[0] ?? ''),
    'old request': await deliver({
      alter: ({ channelHeader }) => channelHeader.getTimestamp()?.fromDate(new Date(Date.now() - 16 * 60 * 1000)),
    }),
    'no time': await deliver({ alter: ({ channelHeader }) => channelHeader.clearTimestamp() }),
  };
}

/** All of it, with what differs from call to call taken out: ids, and the length of a signature. */
export async function allRefusals(calls: RawCalls, callers: Callers): Promise<Record<string, unknown>> {
  const answers = {
    evaluate: await refusedEvaluations(calls, callers),
    endorse: await refusedEndorsements(calls, callers),
    submit: await refusedSubmissions(calls, callers),
    read: await refusedReads(calls, callers),
    deliver: await deliveries(calls, callers),
  };
  const text = JSON.stringify(answers)
    .replaceAll(/[0-9a-f]{64}/g, '<id>')
    .replaceAll(/payload is \d+ bytes/g, 'payload is <size> bytes')
    // Go's protobuf writes one of two kinds of space, at random for each build.
    .replaceAll('\u00a0', ' ');
  return JSON.parse(text);
}
