import * as z from 'zod/mini';

/** A schema that refuses properties it does not name, all the way down. The vendor's own schemas let them pass. */
export function strict(schema: z.ZodMiniType): z.ZodMiniType {
  return rebuilt(schema, { object: { catchall: z.never() } });
}

/** A schema that takes moments as Discord writes them, `2026-01-05T08:00:00.000000+00:00`; the published one wants a `Z`. */
export function withOffsets(schema: z.ZodMiniType): z.ZodMiniType {
  return rebuilt(schema, { moment: z.string().check(z.iso.datetime({ offset: true })) });
}

interface Change {
  /** Laid over the definition of every object. */
  readonly object?: object;
  /** In place of every moment. */
  readonly moment?: z.ZodMiniType;
}

function rebuilt(schema: z.ZodMiniType, change: Change): z.ZodMiniType {
  const def = schema._zod.def as unknown as Definition;
  const inner = (one: z.ZodMiniType) => rebuilt(one, change);
  const remade = (changed: object) => schema.clone({ ...def, ...changed } as unknown as z.ZodMiniType['_zod']['def']);
  switch (def.type) {
    case 'object': {
      const shape = Object.fromEntries(Object.entries(def.shape).map(([name, one]) => [name, inner(one)]));
      return remade({ shape, ...change.object });
    }
    case 'array':
      return remade({ element: inner(def.element) });
    case 'union':
      return remade({ options: def.options.map(inner) });
    case 'intersection':
      return remade({ left: inner(def.left), right: inner(def.right) });
    case 'optional':
    case 'nullable':
      return remade({ innerType: inner(def.innerType) });
    case 'record':
      return remade({ valueType: inner(def.valueType) });
    case 'lazy':
      return z.lazy(() => inner(def.getter()));
    case 'string':
      return change.moment && def.checks?.some((check) => check._zod.def.format === 'datetime')
        ? change.moment
        : schema;
    default:
      return schema;
  }
}

type Definition =
  | { readonly type: 'object'; readonly shape: Readonly<Record<string, z.ZodMiniType>> }
  | { readonly type: 'array'; readonly element: z.ZodMiniType }
  | { readonly type: 'union'; readonly options: readonly z.ZodMiniType[] }
  | { readonly type: 'intersection'; readonly left: z.ZodMiniType; readonly right: z.ZodMiniType }
  | { readonly type: 'optional' | 'nullable'; readonly innerType: z.ZodMiniType }
  | { readonly type: 'record'; readonly valueType: z.ZodMiniType }
  | { readonly type: 'lazy'; readonly getter: () => z.ZodMiniType }
  | { readonly type: 'string'; readonly checks?: readonly { readonly _zod: { readonly def: { format?: string } } }[] }
  | { readonly type: 'other' };
