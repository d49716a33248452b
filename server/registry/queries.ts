import type { Site } from '#chaincode/model/product.ts';
import type { OfferedDevice } from '../circles/schema.ts';
import type { Actor } from '../people/schema.ts';
import type { DeviceView, InstitutionView, PractitionerView, ReenrolmentView, StaffView } from './schema.ts';
import * as service from './service.ts';
import * as staff from './staff.ts';

/** Institutions on `registry`. */
export function listInstitutions(actor: Actor): Promise<InstitutionView[]> {
  return service.listInstitutions(actor);
}

/** Practitioners of one institution on `registry`. */
export function listPractitioners(actor: Actor, institutionId: string): Promise<PractitionerView[]> {
  return service.listPractitioners(actor, institutionId);
}

/** Everybody of the actor's institution, those who wait for a registration besides. */
export function listStaff(actor: Actor): Promise<StaffView[]> {
  return staff.listStaff(actor);
}

/** Devices of the actor's institution. */
export function listDevices(actor: Actor): Promise<DeviceView[]> {
  return service.listDevices(actor);
}

/** Devices that other institutions hand over to the actor's. */
export function listDeviceOffers(actor: Actor): Promise<OfferedDevice[]> {
  return service.listDeviceOffers(actor);
}

/** Places of the actor's institution. */
export function listPlaces(actor: Actor): Promise<Site[]> {
  return service.listPlaces(actor);
}

/** New keys that are proposed or approved for practitioners. */
export function listReenrolments(actor: Actor): Promise<ReenrolmentView[]> {
  return service.listReenrolments(actor);
}
