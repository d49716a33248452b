import { z } from 'zod';
import { deviceId } from '#chaincode/model/identifiers.ts';
import type { Device } from '#chaincode/model/registry.ts';
import { words } from '#chaincode/model/shapes/text.ts';

/** What a token lets its bearer do. */
export const scopes = ['capture', 'query'] as const;
export type Scope = (typeof scopes)[number];

/** Organisations of the institutions that have medicines, whose connectors let partners' systems sign. */
export const partnerOrganisations: readonly string[] = ['SupplyMSP', 'PharmacyMSP'];

export const longestTokenDays = 730;

/** A partner's system that an admin wants to register. */
export const newPartnerSystem = z.object({ name: words(2, 80) });

export const newPartnerToken = z.object({
  system: deviceId,
  name: words(2, 80),
  scopes: z.array(z.enum(scopes)).min(1).max(scopes.length),
  /** Days from now on. */
  days: z.int().min(1).max(longestTokenDays),
});

export const ofPartnerToken = z.object({ token: z.uuid() });

/** What an admin signs to register a system. */
export type SystemRegistration = Pick<Device, 'id' | 'institutionId' | 'model' | 'serialHash' | 'keys'>;

/** A token as it can be listed: nothing of the token itself. */
export interface PartnerTokenView {
  id: string;
  name: string;
  scopes: Scope[];
  state: 'valid' | 'revoked' | 'expired';
  /** ISO 8601 */
  createdAt: string;
  expiresAt: string;
  revokedAt?: string;
  lastUsedAt?: string;
}

export interface PartnerSystemView {
  /** `dev-…` */
  id: string;
  name: string;
  /** `unregistered`: nobody has signed for it yet. */
  status: Device['status'] | 'unregistered';
  tokens: PartnerTokenView[];
}

/** A token, which is shown this once. */
export interface MadeToken {
  token: string;
  /** ISO 8601 */
  expiresAt: string;
}
