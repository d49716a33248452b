import type { Context } from 'fabric-contract-api';
import { askRegistry } from '../../ledger/askChannel.ts';
import { decodeRecord } from '../../ledger/store.ts';
import { type Product, productRecord, type Site, siteRecord } from '../../model/product.ts';
import type { Institution } from '../../model/registry.ts';
import { requireHolder } from './actor.ts';

/** What a transaction asks `registry`, each thing once. */
export class MasterData {
  /** The channel of the transaction. */
  readonly channel: string;
  private readonly ctx: Context;
  private readonly products = new Map<string, Promise<Product>>();
  private readonly sites = new Map<string, Promise<Site>>();
  private readonly institutions = new Map<string, Promise<Institution>>();

  constructor(ctx: Context) {
    this.ctx = ctx;
    this.channel = ctx.stub.getChannelID();
  }

  /** Throws NOT_FOUND. */
  product(gtin: string): Promise<Product> {
    return once(this.products, gtin, async () =>
      decodeRecord(productRecord, await askRegistry(this.ctx, 'readProduct', gtin)),
    );
  }

  /** Throws NOT_FOUND. */
  site(gln: string): Promise<Site> {
    return once(this.sites, gln, async () => decodeRecord(siteRecord, await askRegistry(this.ctx, 'readSite', gln)));
  }

  /** An active institution that may have medicines. Throws NOT_FOUND, SUSPENDED, NOT_AUTHORISED. */
  holder(institutionId: string): Promise<Institution> {
    return once(this.institutions, institutionId, () => requireHolder(this.ctx, institutionId));
  }
}

function once<T>(known: Map<string, Promise<T>>, key: string, ask: () => Promise<T>): Promise<T> {
  const found = known.get(key) ?? ask();
  known.set(key, found);
  return found;
}
