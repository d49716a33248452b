'use server';

import { z } from 'zod';
import { action, publicAction } from '#server/action.ts';
import { certifyDevice as certify } from './certify.ts';
import { proposeInstitution as propose } from './join.ts';
import * as schema from './schema.ts';
import * as staff from './staff.ts';

/** Proposes an institution to the authority; the link makes its first admin once it is admitted. */
export const proposeInstitution = publicAction(schema.proposeInstitution, propose);

/** Takes somebody on, and answers the registration that the admin signs. */
export const takeOn = action(schema.newStaff, staff.takeOn);

/** Forgets somebody for whom nobody has signed. */
export const dropStaff = action(schema.ofStaff, staff.dropStaff);

/** Makes the link with which somebody registered makes keys; it is shown once. */
export const inviteStaff = action(schema.ofStaff, staff.inviteStaff);

/** For whom the institution's reading key can be wrapped. */
export const listStaffKeys = action(z.undefined(), staff.listStaffKeys);

/** The file with which a registered device is enrolled. */
export const certifyDevice = action(schema.certifyDevice, certify);
