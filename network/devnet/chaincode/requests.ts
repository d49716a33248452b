import { peer } from '@hyperledger/fabric-protos';
import { OpenQuery, totalLimit } from './query.ts';
import type { Simulation } from './simulation.ts';

const { Type } = peer.ChaincodeMessage;
const empty = new Uint8Array();

/** Runs another chaincode for the one that asks; answers with its COMPLETED message. */
export type Invoke = (name: string, input: peer.ChaincodeInput) => Promise<peer.ChaincodeMessage>;

/** Answers the requests that one chaincode makes while it runs in a simulation. */
export class ChaincodeRequests {
  readonly #simulation: Simulation;
  readonly #namespace: string;
  readonly #invoke: Invoke;
  readonly #queries = new Map<string, OpenQuery>();
  #lastQuery = 0;

  constructor(simulation: Simulation, namespace: string, invoke: Invoke) {
    this.#simulation = simulation;
    this.#namespace = namespace;
    this.#invoke = invoke;
  }

  /** Answers one request with the bytes of its response. */
  handle(message: peer.ChaincodeMessage): Promise<Uint8Array> | Uint8Array {
    const payload = message.getPayload_asU8();
    const simulation = this.#simulation;
    const namespace = this.#namespace;
    switch (message.getType()) {
      case Type.GET_STATE: {
        const request = peer.GetState.deserializeBinary(payload);
        const collection = request.getCollection();
        return collection
          ? simulation.getPrivate(namespace, collection, request.getKey())
          : simulation.get(namespace, request.getKey());
      }
      case Type.GET_STATE_MULTIPLE: {
        const request = peer.GetStateMultiple.deserializeBinary(payload);
        const collection = request.getCollection();
        const names = request.getKeysList();
        const result = new peer.GetStateMultipleResult();
        result.setValuesList(
          collection
            ? simulation.getPrivateMultiple(namespace, collection, names)
            : names.map((key) => simulation.get(namespace, key)),
        );
        return result.serializeBinary();
      }
      case Type.GET_PRIVATE_DATA_HASH: {
        const request = peer.GetState.deserializeBinary(payload);
        return simulation.privateHash(namespace, request.getCollection(), request.getKey());
      }
      case Type.PUT_STATE: {
        const request = peer.PutState.deserializeBinary(payload);
        return this.#write(request.getCollection(), request.getKey(), request.getValue_asU8());
      }
      case Type.DEL_STATE: {
        const request = peer.DelState.deserializeBinary(payload);
        return this.#write(request.getCollection(), request.getKey(), empty);
      }
      case Type.PURGE_PRIVATE_DATA: {
        const request = peer.PurgePrivateState.deserializeBinary(payload);
        return this.#purge(request.getCollection(), request.getKey());
      }
      case Type.WRITE_BATCH_STATE:
        return this.#writeBatch(peer.WriteBatchState.deserializeBinary(payload));
      case Type.GET_STATE_BY_RANGE:
        return this.#range(peer.GetStateByRange.deserializeBinary(payload));
      case Type.GET_HISTORY_FOR_KEY:
        return this.#open(simulation.history(namespace, peer.GetHistoryForKey.deserializeBinary(payload).getKey()));
      case Type.QUERY_STATE_NEXT:
        return this.#next(peer.QueryStateNext.deserializeBinary(payload).getId());
      case Type.QUERY_STATE_CLOSE:
        return this.#close(peer.QueryStateClose.deserializeBinary(payload).getId());
      case Type.INVOKE_CHAINCODE:
        return this.#call(peer.ChaincodeSpec.deserializeBinary(payload));
      case Type.GET_QUERY_RESULT:
        throw new Error('ExecuteQuery not supported for leveldb');
      case Type.GET_STATE_METADATA: {
        const request = peer.GetStateMetadata.deserializeBinary(payload);
        const collection = request.getCollection();
        return metadataResult(
          collection
            ? simulation.privateMetadata(namespace, collection, request.getKey())
            : simulation.metadata(namespace, request.getKey()),
        );
      }
      case Type.PUT_STATE_METADATA: {
        const request = peer.PutStateMetadata.deserializeBinary(payload);
        return this.#writeMetadata(request.getCollection(), request.getKey(), request.getMetadata());
      }
      default:
        throw new Error(`the peer cannot handle message ${message.getType()}`);
    }
  }

  #write(collection: string, key: string, value: Uint8Array): Uint8Array {
    if (collection) this.#simulation.putPrivate(this.#namespace, collection, key, value);
    else this.#simulation.put(this.#namespace, key, value);
    return empty;
  }

  #writeMetadata(collection: string, key: string, metadata: peer.StateMetadata | undefined): Uint8Array {
    const entries = new Map([[metadata?.getMetakey() ?? '', metadata?.getValue_asU8() ?? empty]]);
    if (collection) this.#simulation.putPrivateMetadata(this.#namespace, collection, key, entries);
    else this.#simulation.putMetadata(this.#namespace, key, entries);
    return empty;
  }

  #purge(collection: string, key: string): Uint8Array {
    if (!collection) throw new Error('only applicable for private data');
    this.#simulation.putPrivate(this.#namespace, collection, key, empty, true);
    return empty;
  }

  #writeBatch(batch: peer.WriteBatchState): Uint8Array {
    for (const record of batch.getRecList())
      switch (record.getType()) {
        case peer.WriteRecord.Type.PUT_STATE:
          this.#write(record.getCollection(), record.getKey(), record.getValue_asU8());
          break;
        case peer.WriteRecord.Type.DEL_STATE:
          this.#write(record.getCollection(), record.getKey(), empty);
          break;
        case peer.WriteRecord.Type.PURGE_PRIVATE_DATA:
          this.#purge(record.getCollection(), record.getKey());
          break;
        case peer.WriteRecord.Type.PUT_STATE_METADATA:
          this.#writeMetadata(record.getCollection(), record.getKey(), record.getMetadata());
          break;
        default:
          throw new Error('unknown operation type');
      }
    return empty;
  }

  #range(request: peer.GetStateByRange): Promise<Uint8Array> {
    const namespace = this.#namespace;
    const start = request.getStartkey();
    const end = request.getEndkey();
    const collection = request.getCollection();
    if (collection) return this.#open(this.#simulation.privateRange(namespace, collection, start, end));
    const metadata = request.getMetadata_asU8();
    const paging = metadata.length > 0 ? peer.QueryMetadata.deserializeBinary(metadata) : undefined;
    if (paging && (paging.getPagesize() !== 0 || paging.getBookmark() !== '')) {
      const size = paging.getPagesize() > 0 ? Math.min(paging.getPagesize(), totalLimit) : totalLimit;
      return this.#simulation.page(namespace, this.#newId(), { start: paging.getBookmark() || start, end, size });
    }
    return this.#open(this.#simulation.range(namespace, start, end));
  }

  #newId(): string {
    this.#lastQuery += 1;
    return String(this.#lastQuery);
  }

  async #open(rows: AsyncIterable<Uint8Array>): Promise<Uint8Array> {
    const id = this.#newId();
    // Noted before it is read from, so that it is closed when the chaincode ends meanwhile.
    this.#queries.set(id, new OpenQuery(id, rows));
    return this.#next(id);
  }

  async #next(id: string): Promise<Uint8Array> {
    const query = this.#queries.get(id);
    if (!query) throw new Error('query iterator not found');
    const { bytes, more } = await query.batch();
    if (!more) this.#queries.delete(id);
    return bytes;
  }

  async #close(id: string): Promise<Uint8Array> {
    const query = this.#queries.get(id);
    this.#queries.delete(id);
    if (query) return query.close();
    const response = new peer.QueryResponse();
    response.setId(id);
    return response.serializeBinary();
  }

  async #call(spec: peer.ChaincodeSpec): Promise<Uint8Array> {
    const answer = await this.#invoke(
      spec.getChaincodeId()?.getName() ?? '',
      spec.getInput() ?? new peer.ChaincodeInput(),
    );
    return answer.serializeBinary();
  }

  /** Closes what the chaincode left open. */
  async finish(): Promise<void> {
    for (const query of this.#queries.values()) await query.close();
    this.#queries.clear();
  }
}

function metadataResult(metadata: ReadonlyMap<string, Uint8Array>): Uint8Array {
  const result = new peer.StateMetadataResult();
  result.setEntriesList(
    [...metadata].map(([name, value]) => {
      const entry = new peer.StateMetadata();
      entry.setMetakey(name);
      entry.setValue(value);
      return entry;
    }),
  );
  return result.serializeBinary();
}
