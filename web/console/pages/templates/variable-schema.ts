/** The part of a JSON schema that names variables. */
export interface VariableSchema {
  type?: string | string[];
  description?: string;
  properties?: Record<string, VariableSchema>;
  items?: VariableSchema;
  required?: string[];
}

export interface Variable {
  path: string;
  type: string;
  isRequired: boolean;
}

const MAX_DEPTH = 4;

/** The variables that a schema names, as templates write them. */
export function variablesIn(schema: VariableSchema, path = '', depth = 0): Variable[] {
  const { properties = {}, required = [] } = schema;
  return Object.entries(properties).flatMap(([name, field]) => {
    const own = path === '' ? name : `${path}.${name}`;
    const deeper = depth < MAX_DEPTH && field.properties ? variablesIn(field, own, depth + 1) : [];
    const type = [field.type ?? ''].flat().join(' | ');
    return deeper.length > 0 ? deeper : [{ path: own, type, isRequired: required.includes(name) }];
  });
}
