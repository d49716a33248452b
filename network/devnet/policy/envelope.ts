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
