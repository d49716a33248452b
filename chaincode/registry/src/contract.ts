import { Context } from 'fabric-contract-api';
import { peerTime } from '../../ledger/clock.ts';
import { Info, Returns, Transaction } from '../../ledger/decorators.ts';
import { LedgerContract } from '../../ledger/LedgerContract.ts';
import { canonicalJson } from '../../model/state.ts';
import * as channels from './channels.ts';
import * as credentials from './credentials.ts';
import * as delegations from './delegations.ts';
import * as devices from './devices.ts';
import * as escrow from './escrow.ts';
import * as institutionReading from './institutionReading.ts';
import * as institutions from './institutions.ts';
import * as keys from './keys.ts';
import * as practitioners from './practitioners.ts';
import * as products from './products.ts';
import * as reenrolments from './reenrolment.ts';
import * as sites from './sites.ts';
import * as wallets from './wallets.ts';
import { writeTime } from './writeTime.ts';

/**
 * Institutions and the people who act for them: exact public keys, licences, status; and which channels there are, among
 * which new patients and products are spread; medicines and the places where they are. Other channels' contracts ask it who a
 * caller is. Functions that write answer nothing; functions that read answer JSON and are to be evaluated only.
 */
@Info({ title: 'registry', description: 'Institutions, practitioners, their keys, licences and status' })
export class RegistryContract extends LedgerContract {
  constructor() {
    super('registry');
  }

  @Transaction()
  async proposeInstitution(ctx: Context, institution: string): Promise<void> {
    await institutions.proposeInstitution(ctx, writeTime(ctx), institution);
  }

  @Transaction()
  async admitInstitution(ctx: Context, id: string): Promise<void> {
    await institutions.admitInstitution(ctx, writeTime(ctx), id);
  }

  @Transaction()
  async refuseInstitution(ctx: Context, id: string, reason: string): Promise<void> {
    await institutions.refuseInstitution(ctx, writeTime(ctx), id, reason);
  }

  @Transaction()
  async setInstitutionStatus(ctx: Context, id: string, status: string): Promise<void> {
    await institutions.setInstitutionStatus(ctx, writeTime(ctx), id, status);
  }

  @Transaction()
  async registerPractitioner(ctx: Context, practitioner: string): Promise<void> {
    await practitioners.registerPractitioner(ctx, writeTime(ctx), practitioner);
  }

  @Transaction()
  async enrolKeys(ctx: Context, id: string, newKeys: string): Promise<void> {
    await keys.enrolKeys(ctx, writeTime(ctx), id, newKeys);
  }

  @Transaction()
  async rotateKeys(ctx: Context, id: string, newKeys: string): Promise<void> {
    await keys.rotateKeys(ctx, writeTime(ctx), id, newKeys);
  }

  @Transaction()
  async linkWallet(ctx: Context, id: string, address: string): Promise<void> {
    await wallets.linkWallet(ctx, writeTime(ctx), id, address);
  }

  @Transaction()
  async unlinkWallet(ctx: Context, id: string, address: string): Promise<void> {
    await wallets.unlinkWallet(ctx, writeTime(ctx), id, address);
  }

  @Transaction()
  async setPractitionerStatus(ctx: Context, id: string, status: string): Promise<void> {
    await practitioners.setPractitionerStatus(ctx, writeTime(ctx), id, status);
  }

  @Transaction()
  async renewLicence(ctx: Context, id: string, licence: string): Promise<void> {
    await practitioners.renewLicence(ctx, writeTime(ctx), id, licence);
  }

  @Transaction()
  async registerDevice(ctx: Context, device: string): Promise<void> {
    await devices.registerDevice(ctx, writeTime(ctx), device);
  }

  @Transaction()
  async setDeviceStatus(ctx: Context, id: string, status: string): Promise<void> {
    await devices.setDeviceStatus(ctx, writeTime(ctx), id, status);
  }

  @Transaction()
  async rotateDeviceKeys(ctx: Context, id: string, newKeys: string): Promise<void> {
    await devices.rotateDeviceKeys(ctx, writeTime(ctx), id, newKeys);
  }

  @Transaction()
  async transferDevice(ctx: Context, id: string, institutionId: string): Promise<void> {
    await devices.transferDevice(ctx, writeTime(ctx), id, institutionId);
  }

  @Transaction()
  async acceptDevice(ctx: Context, id: string, newKeys: string): Promise<void> {
    await devices.acceptDevice(ctx, writeTime(ctx), id, newKeys);
  }

  @Transaction()
  async delegate(ctx: Context, delegation: string): Promise<void> {
    await delegations.delegate(ctx, writeTime(ctx), delegation);
  }

  @Transaction()
  async endDelegation(ctx: Context, id: string): Promise<void> {
    await delegations.endDelegation(ctx, writeTime(ctx), id);
  }

  @Transaction()
  async addCredential(ctx: Context, id: string, credential: string): Promise<void> {
    await credentials.addCredential(ctx, writeTime(ctx), id, credential);
  }

  @Transaction()
  async removeCredential(ctx: Context, id: string, credentialId: string): Promise<void> {
    await credentials.removeCredential(ctx, writeTime(ctx), id, credentialId);
  }

  @Transaction()
  async putInstitutionReading(ctx: Context, institution: string, reading: string): Promise<void> {
    await institutionReading.putInstitutionReading(ctx, writeTime(ctx), institution, reading);
  }

  @Transaction()
  async wrapForStaff(ctx: Context, institution: string): Promise<void> {
    await institutionReading.wrapForStaff(ctx, writeTime(ctx), institution);
  }

  @Transaction()
  async putEscrowKey(ctx: Context, escrowKey: string): Promise<void> {
    await escrow.putEscrowKey(ctx, writeTime(ctx), escrowKey);
  }

  @Transaction()
  async proposeReenrolment(ctx: Context, reenrolment: string): Promise<void> {
    await reenrolments.proposeReenrolment(ctx, writeTime(ctx), reenrolment);
  }

  @Transaction()
  async approveReenrolment(ctx: Context, subject: string): Promise<void> {
    await reenrolments.approveReenrolment(ctx, writeTime(ctx), subject);
  }

  @Transaction()
  async refuseReenrolment(ctx: Context, subject: string, reason: string): Promise<void> {
    await reenrolments.refuseReenrolment(ctx, writeTime(ctx), subject, reason);
  }

  @Transaction()
  async completeReenrolment(ctx: Context, subject: string): Promise<void> {
    await reenrolments.completeReenrolment(ctx, writeTime(ctx), subject);
  }

  @Transaction()
  async publishChannelMap(ctx: Context, map: string): Promise<void> {
    await channels.publishChannelMap(ctx, writeTime(ctx), map);
  }

  @Transaction()
  async registerProduct(ctx: Context, product: string): Promise<void> {
    await products.registerProduct(ctx, writeTime(ctx), product);
  }

  @Transaction()
  async registerSite(ctx: Context, site: string): Promise<void> {
    await sites.registerSite(ctx, writeTime(ctx), site);
  }

  @Transaction(false)
  @Returns('string')
  async readChannelMap(ctx: Context, version: string): Promise<string> {
    return canonicalJson(await channels.readChannelMap(ctx, version));
  }

  @Transaction(false)
  @Returns('string')
  async readProduct(ctx: Context, gtin: string): Promise<string> {
    return canonicalJson(await products.readProduct(ctx, gtin));
  }

  @Transaction(false)
  @Returns('string')
  async listProducts(ctx: Context, pageSize: string, bookmark: string): Promise<string> {
    return canonicalJson(await products.listProducts(ctx, pageSize, bookmark));
  }

  @Transaction(false)
  @Returns('string')
  async readSite(ctx: Context, gln: string): Promise<string> {
    return canonicalJson(await sites.readSite(ctx, gln));
  }

  @Transaction(false)
  @Returns('string')
  async listSites(ctx: Context, pageSize: string, bookmark: string): Promise<string> {
    return canonicalJson(await sites.listSites(ctx, pageSize, bookmark));
  }

  @Transaction(false)
  @Returns('string')
  async readInstitution(ctx: Context, id: string): Promise<string> {
    return canonicalJson(await institutions.readInstitution(ctx, id));
  }

  @Transaction(false)
  @Returns('string')
  async readPractitioner(ctx: Context, id: string): Promise<string> {
    return canonicalJson(await practitioners.readPractitioner(ctx, id));
  }

  @Transaction(false)
  @Returns('string')
  async readStanding(ctx: Context, practitionerId: string): Promise<string> {
    return canonicalJson(await practitioners.readStanding(ctx, practitionerId));
  }

  @Transaction(false)
  @Returns('string')
  async readPractitionerByKey(ctx: Context, signingKeyHash: string): Promise<string> {
    return canonicalJson(await practitioners.readPractitionerByKey(ctx, signingKeyHash));
  }

  @Transaction(false)
  @Returns('string')
  async readKeyOwner(ctx: Context, signingKeyHash: string): Promise<string> {
    return canonicalJson(await keys.readKeyOwner(ctx, signingKeyHash));
  }

  @Transaction(false)
  @Returns('string')
  async readDevice(ctx: Context, id: string): Promise<string> {
    return canonicalJson(await devices.readDevice(ctx, id));
  }

  @Transaction(false)
  @Returns('string')
  async readDeviceByKey(ctx: Context, signingKeyHash: string): Promise<string> {
    return canonicalJson(await devices.readDeviceByKey(ctx, signingKeyHash));
  }

  @Transaction(false)
  @Returns('string')
  async listDevices(ctx: Context, institutionId: string, pageSize: string, bookmark: string): Promise<string> {
    return canonicalJson(await devices.listDevices(ctx, institutionId, pageSize, bookmark));
  }

  @Transaction(false)
  @Returns('string')
  async readDelegation(ctx: Context, id: string): Promise<string> {
    return canonicalJson(await delegations.readDelegation(ctx, id));
  }

  @Transaction(false)
  @Returns('string')
  async readDelegated(ctx: Context, id: string): Promise<string> {
    return canonicalJson(await delegations.readDelegated(ctx, id));
  }

  @Transaction(false)
  @Returns('string')
  async listDelegations(ctx: Context, subject: string, pageSize: string, bookmark: string): Promise<string> {
    return canonicalJson(await delegations.listDelegations(ctx, subject, pageSize, bookmark));
  }

  @Transaction(false)
  @Returns('string')
  async readStaffWrap(ctx: Context, institution: string): Promise<string> {
    return canonicalJson(await institutionReading.readStaffWrap(ctx, institution));
  }

  @Transaction(false)
  @Returns('string')
  async readStaffWraps(ctx: Context, institution: string): Promise<string> {
    return canonicalJson(await institutionReading.readStaffWraps(ctx, peerTime(), institution));
  }

  @Transaction(false)
  @Returns('string')
  async readEscrowKeys(ctx: Context): Promise<string> {
    return canonicalJson(await escrow.readEscrowKeys(ctx));
  }

  @Transaction(false)
  @Returns('string')
  async readReenrolment(ctx: Context, subject: string): Promise<string> {
    return canonicalJson(await reenrolments.readReenrolment(ctx, subject));
  }

  @Transaction(false)
  @Returns('string')
  async listReenrolments(ctx: Context, pageSize: string, bookmark: string): Promise<string> {
    return canonicalJson(await reenrolments.listReenrolments(ctx, pageSize, bookmark));
  }

  @Transaction(false)
  @Returns('string')
  async listInstitutions(ctx: Context, pageSize: string, bookmark: string): Promise<string> {
    return canonicalJson(await institutions.listInstitutions(ctx, pageSize, bookmark));
  }

  @Transaction(false)
  @Returns('string')
  async listPractitioners(ctx: Context, institutionId: string, pageSize: string, bookmark: string): Promise<string> {
    return canonicalJson(await practitioners.listPractitioners(ctx, institutionId, pageSize, bookmark));
  }
}
