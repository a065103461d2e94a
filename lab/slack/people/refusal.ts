/** Slack's own client would not send this: a person sees why at once, and the app hears nothing. */
export class ClientRefusal extends Error {
  override readonly name = 'ClientRefusal';
}
