/** Why something is handed out without a scan. */
export const withoutReasons = ['unreadable', 'opened', 'made', 'unserialised'] as const;
export type WithoutReason = (typeof withoutReasons)[number];
