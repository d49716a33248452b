import { common, msp } from '@hyperledger/fabric-protos';
import type { Policy, Role } from './policy.ts';

const roleTypes: Record<Role, msp.MSPRole.MSPRoleTypeMap[keyof msp.MSPRole.MSPRoleTypeMap]> = {
  member: msp.MSPRole.MSPRoleType.MEMBER,
  admin: msp.MSPRole.MSPRoleType.ADMIN,
  client: msp.MSPRole.MSPRoleType.CLIENT,
  peer: msp.MSPRole.MSPRoleType.PEER,
  orderer: msp.MSPRole.MSPRoleType.ORDERER,
};

/** A policy in Fabric's protobuf, with one principal for each place that names one, as Fabric's own parser makes it. */
export function signaturePolicyEnvelope(policy: Policy): common.SignaturePolicyEnvelope {
  const principals: msp.MSPPrincipal[] = [];
  const rule = signaturePolicy(policy, principals);
  const envelope = new common.SignaturePolicyEnvelope();
  envelope.setRule(rule);
  envelope.setIdentitiesList(principals);
  return envelope;
}

function signaturePolicy(policy: Policy, principals: msp.MSPPrincipal[]): common.SignaturePolicy {
  const message = new common.SignaturePolicy();
  if (policy.kind === 'principal') {
    const role = new msp.MSPRole();
    role.setMspIdentifier(policy.mspId);
    role.setRole(roleTypes[policy.role]);
    const principal = new msp.MSPPrincipal();
    principal.setPrincipal(role.serializeBinary());
    message.setSignedBy(principals.push(principal) - 1);
    return message;
  }
  const outOf = new common.SignaturePolicy.NOutOf();
  outOf.setN(policy.n);
  outOf.setRulesList(policy.rules.map((rule) => signaturePolicy(rule, principals)));
  message.setNOutOf(outOf);
  return message;
}

const roles = new Map<number, Role>([
  [roleTypes.member, 'member'],
  [roleTypes.admin, 'admin'],
  [roleTypes.client, 'client'],
  [roleTypes.peer, 'peer'],
  [roleTypes.orderer, 'orderer'],
]);

/** Reads a common.SignaturePolicyEnvelope, as a key-level endorsement policy is kept. Throws where it is none. */
export function readPolicyEnvelope(bytes: Uint8Array): Policy {
  const envelope = common.SignaturePolicyEnvelope.deserializeBinary(bytes);
  const rule = envelope.getRule();
  if (envelope.getVersion() !== 0 || !rule) throw new Error('a signature policy has version 0 and a rule');
  return readRule(rule, envelope.getIdentitiesList().map(readPrincipal));
}

function readPrincipal(message: msp.MSPPrincipal): Policy {
  if (message.getPrincipalClassification() !== msp.MSPPrincipal.Classification.ROLE)
    throw new Error('the principals that this node knows are roles');
  const principal = msp.MSPRole.deserializeBinary(message.getPrincipal_asU8());
  const role = roles.get(principal.getRole());
  if (!role) throw new Error(`there is no role ${principal.getRole()}`);
  return { kind: 'principal', mspId: principal.getMspIdentifier(), role };
}

function readRule(message: common.SignaturePolicy, principals: readonly Policy[]): Policy {
  const outOf = message.getNOutOf();
  if (outOf) {
    const rules = outOf.getRulesList().map((rule) => readRule(rule, principals));
    return { kind: 'outOf', n: outOf.getN(), rules };
  }
  const principal = message.hasSignedBy() ? principals[message.getSignedBy()] : undefined;
  if (!principal) throw new Error('a rule of a signature policy names none of its principals');
  return principal;
}
