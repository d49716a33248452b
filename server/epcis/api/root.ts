/** Where the interface lies in the portal. */
export const root = '/api/epcis';
