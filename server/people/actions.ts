'use server';

import { z } from 'zod';
import { action, publicAction } from '#server/action.ts';
import { signInSalt as readSalt } from '../session/service.ts';
import { listAuthorities as authorities } from './authorities.ts';
import { enrolPerson, readInvitation as openInvitation } from './enrolment.ts';
import { addLock as addOpener, changePassword as change, renewPhrase as renew } from './openers.ts';
import { findPatients as find } from './patients.ts';
import { finishRecovery as finish, startRecovery as start } from './recovery.ts';
import { requestCertificate as certify, settleOwnKeys } from './rotation.ts';
import * as schema from './schema.ts';
import { listSecondFactors as listFactors } from './secondFactors.ts';
import { reloadVault as reload, saveVault as save } from './vaults.ts';
import { linkWallet as link, unlinkWallet as unlink } from './wallets.ts';

/** Patients whom the doctor may see, by name or exact identifier. */
export const findPatients = action(schema.findPatients, find);

/** Stores a new version of the person's own vault, which nothing opens that did not open the one before. */
export const saveVault = action(schema.saveVault, save);

/** Replaces the password, by the present one. */
export const changePassword = action(schema.changePassword, change);

/** Replaces the recovery phrase, by the password. */
export const renewPhrase = action(schema.renewPhrase, renew);

/** Makes a wallet or passkey a way to open the vault, by the password. */
export const addLock = action(schema.addLock, addOpener);

/** The person's vault as it is now. */
export const reloadVault = action(z.undefined(), reload);

/** Brings the person's certificate in line with what the ledger has. */
export const settleKeys = action(z.undefined(), settleOwnKeys);

/** Has the next keys certified. */
export const requestCertificate = action(schema.requestCertificate, certify);

/** Proves the recovery phrase. */
export const startRecovery = publicAction(schema.startRecovery, start);

/** Replaces the password, by the proved phrase. */
export const finishRecovery = publicAction(schema.finishRecovery, finish);

/** Salt for the password of an e-mail, whether it is known or not. */
export const signInSalt = publicAction(schema.signInSalt, readSalt);

/** What an invitation says. */
export const readInvitation = publicAction(schema.readInvitation, openInvitation);

/** Makes the invited person's account, certificate and vault. */
export const enrol = publicAction(schema.enrol, enrolPerson);

/** Links another wallet to the person, by a message that the wallet signed. */
export const linkWallet = action(schema.signedWalletMessage, link);

/** Takes a wallet that is on no registry off the person's account. */
export const unlinkWallet = action(schema.unlinkWallet, unlink);

/** The person's second factors, as the ledger has them now. */
export const listSecondFactors = action(z.undefined(), listFactors);

/** The organisations' authorities, which a vault pins once. */
export const listAuthorities = action(z.undefined(), authorities);
