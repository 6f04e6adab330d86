/** Text that may hold URLs, as it can be shown to others: no user name, no password, no token in a query. */
export const withoutSecrets = (text: string): string =>
  text.replace(/(?<=[a-z][\w+.-]*:\/\/)[^\s/@]+@/gi, '').replace(/(?<=[?&](?:token|access_token|api_?key|password|secret|sig|signature)=)[^\s&#]+/gi, '…');
