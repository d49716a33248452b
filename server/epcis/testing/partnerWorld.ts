import { randomUUID } from 'node:crypto';
import { isNotNull } from 'drizzle-orm';
import { newIdentifier } from '#crypto/identifier.ts';
import type { Portal } from '#server/portal.ts';
import { captureJobs, partnerSystems, partnerTokens } from '../../gateways/db/schema/epcis.ts';
import { institutions } from '../../gateways/db/schema/people.ts';
import type { Actor } from '../../people/schema.ts';
import { tokenHash } from '../../people/token.ts';
import { World } from '../../testing/world.ts';
import { serve } from '../api/router.ts';
import type { Scope } from '../schema.ts';
import { newPartnerTokenText } from '../token.ts';
import { FakeSupply, SupplyLedger } from './fakeSupply.ts';

export const maker = 'inst-the-maker-x';
export const otherMaker = 'inst-other-maker';
export const wholesaler = 'inst-wholesaler';
export const pharmacy = 'inst-river-pharmacy';

/** A portal with a supply chain, and systems of partners that ask its EPCIS interface. */
export class PartnerWorld {
  readonly portal: Portal;
  readonly supply: FakeSupply;
  readonly ledger: SupplyLedger;
  readonly #world: World;
  #admin: Actor | undefined;

  private constructor(world: World) {
    this.#world = world;
    this.supply = new FakeSupply();
    this.ledger = new SupplyLedger(this.supply);
    const connector = Object.assign(world.connector, { capture: this.supply.capture });
    this.portal = { ...world.portal, ledger: this.ledger, connector };
  }

  static async start(): Promise<PartnerWorld> {
    const world = await World.start();
    await world.portal.db.insert(institutions).values([
      { id: maker, kind: 'manufacturer', name: 'Maker', mspId: 'SupplyMSP' },
      { id: otherMaker, kind: 'manufacturer', name: 'Other Maker', mspId: 'SupplyMSP' },
      { id: wholesaler, kind: 'distributor', name: 'Wholesaler', mspId: 'SupplyMSP' },
    ]);
    return new PartnerWorld(world);
  }

  /** Makes all that waits for another try due. */
  async soon(): Promise<void> {
    await this.portal.db
      .update(captureJobs)
      .set({ dueAt: new Date(0) })
      .where(isNotNull(captureJobs.dueAt));
  }

  async stop(): Promise<void> {
    this.ledger.close();
    await this.#world.stop();
  }

  /** Somebody who administers an institution. */
  async admin(institutionId: string): Promise<Actor> {
    const { actor } = await this.#world.person('admin', institutionId);
    return { ...actor, mspId: 'SupplyMSP' };
  }

  /** A system of an institution that the ledger has, without a token. */
  async system(institutionId: string): Promise<string> {
    this.#admin ??= await this.admin(maker);
    const id = newIdentifier('dev');
    await this.portal.db
      .insert(partnerSystems)
      .values({ id, institutionId, name: 'Warehouse', createdBy: this.#admin.personId });
    this.ledger.registry.devices.set(id, {
      ...{ id, institutionId, mspId: 'SupplyMSP', model: 'Warehouse', serialHash: 'a'.repeat(64) },
      keys: { signingKeyHash: 'b'.repeat(64), readingKey: 'R'.repeat(1622) },
      ...{ status: 'active', version: 1 },
    });
    return id;
  }

  /** A client of an institution: what asks with a token of its own. */
  async client(institutionId: string, scopes: Scope[] = ['capture', 'query']) {
    const system = await this.system(institutionId);
    const token = newPartnerTokenText();
    this.#admin ??= await this.admin(maker);
    await this.portal.db.insert(partnerTokens).values({
      ...{ id: randomUUID(), tokenHash: tokenHash(token), systemId: system, name: 'test', scopes },
      ...{ expiresAt: new Date(Date.now() + 3_600_000), createdBy: this.#admin.personId },
    });
    return { system, token, ask: (path: string, init: RequestInit = {}) => this.ask(path, token, init) };
  }

  /** Asks the interface as a system with this token would. */
  ask(path: string, token: string | undefined, init: RequestInit = {}): Promise<Response> {
    const headers = new Headers(init.headers);
    if (token !== undefined) headers.set('authorization', `Bearer ${token}`);
    if (init.body !== undefined && !headers.has('content-type')) headers.set('content-type', 'application/json');
    return serve(new Request(`http://localhost:3000/api/epcis${path}`, { ...init, headers }), this.portal, {
      address: '198.51.100.7',
    });
  }
}
