import type { DeviceView } from '../circles/schema.ts';
import type { Actor } from '../people/schema.ts';
import * as service from './service.ts';

/** The devices of the admin's own institution, with what the gateway has seen of them and refused. */
export function listOwnDevices(actor: Actor): Promise<DeviceView[]> {
  return service.listOwnDevices(actor, undefined);
}
