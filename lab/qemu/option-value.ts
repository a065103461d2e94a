/** A value inside QEMU's `key=value,key=value` options, where a comma is written twice. */
export function optionValue(text: string): string {
  return text.replaceAll(',', ',,');
}
