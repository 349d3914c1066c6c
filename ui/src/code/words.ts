/** Names in the cases that languages want. */

/** ListFoundationModels: list_foundation_models, as botocore has it. */
export function snake(name: string): string {
  return name
    .replace(/([A-Z]+)([A-Z][a-z])/g, "$1_$2")
    .replace(/([a-z0-9])([A-Z])/g, "$1_$2")
    .toLowerCase();
}

export function kebab(name: string): string {
  return snake(name).replaceAll("_", "-");
}
