import { z } from 'zod';
import {
  formularyArgument,
  formularyScope,
  formularyTerms,
  productCode,
  shortageDeclaration,
} from '#chaincode/model/formulary.ts';
import { jsonArgument, type Kinds, registryCall } from '../transactions/kind.ts';

/** What the authority and institutions' admins sign of medicines; each kind is called as the contract's function. */
export const formularyIntents = [
  z.object({ kind: z.literal('formulary:put'), terms: formularyArgument }),
  z.object({ kind: z.literal('formulary:withdraw'), scope: formularyScope, code: formularyTerms.shape.code }),
  z.object({ kind: z.literal('formulary:declareShortage'), shortage: shortageDeclaration }),
  z.object({ kind: z.literal('formulary:endShortage'), product: productCode }),
] as const;
export type FormularyIntent = z.infer<(typeof formularyIntents)[number]>;

const steps = ['sign', 'publish'] as const;

export const formularyKinds: Kinds<FormularyIntent> = {
  'formulary:put': {
    call: ({ kind, terms }) => registryCall(kind, [jsonArgument(terms)]),
    subject: ({ terms }) => terms.scope,
    kept: ({ terms }) => terms,
    steps,
  },
  'formulary:withdraw': {
    call: ({ kind, scope, code }) => registryCall(kind, [scope, code]),
    subject: ({ scope, code }) => `${scope}/${code}`,
    kept: ({ scope, code }) => ({ scope, code }),
    steps,
  },
  'formulary:declareShortage': {
    call: ({ kind, shortage }) => registryCall(kind, [jsonArgument(shortage)]),
    subject: ({ shortage }) => shortage.product,
    kept: ({ shortage }) => ({ shortage }),
    steps,
  },
  'formulary:endShortage': {
    call: ({ kind, product }) => registryCall(kind, [product]),
    subject: ({ product }) => product,
    kept: () => ({}),
    steps,
  },
};
