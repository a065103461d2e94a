/** The environment; nothing else in the product reads it. */
export function environment(): NodeJS.ProcessEnv {
  // biome-ignore lint/style/noProcessEnv: the one door to the environment.
  return process.env;
}
