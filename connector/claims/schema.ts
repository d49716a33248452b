import { z } from 'zod';
import { contentWraps, type MemberAction, memberActions, signedStatement } from '#chaincode/model/policy.ts';

/** What reads is never submitted. */
const submitted = memberActions.filter((action): action is Exclude<MemberAction, 'read'> => action !== 'read');

/** Body of `POST /claims/statements`: what a member of an insurance has signed. */
export const broughtStatement = z.object({
  action: z.enum(submitted),
  statement: signedStatement,
  /** With `apply` and `authorise`. */
  wraps: contentWraps.optional(),
});
export type BroughtStatement = z.infer<typeof broughtStatement>;

/** Body of `POST /claims/wraps`: a statement of `read`. */
export const wrapRequest = z.object({ statement: signedStatement });
export type WrapRequest = z.infer<typeof wrapRequest>;
