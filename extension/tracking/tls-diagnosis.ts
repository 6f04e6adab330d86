import type { Diagnosis } from './rest-diagnosis.ts';

/** What stands in the way of a secure connection; undefined when it is something else. Codes are OpenSSL's or BoringSSL's, as the editor has the one or the other. */
export const diagnoseTls = ({ protocol, host, hostname }: URL, code: string, reason: string): Diagnosis | undefined => {
  if (code === 'CERT_HAS_EXPIRED')
    return { kind: 'tls', cause: `The certificate of ${host} has expired.`, advice: 'Renew it on the server; if it is new, set the clock of this machine.' };
  if (code === 'CERT_NOT_YET_VALID')
    return { kind: 'tls', cause: `The certificate of ${host} is not valid yet.`, advice: 'Set the clock of this machine, or that of whoever made it.' };
  if (code === 'ERR_TLS_CERT_ALTNAME_INVALID') {
    return {
      kind: 'tls',
      cause: `The certificate of ${host} is for another name: ${reason}.`,
      advice: `Use a name that it is for in the setting mlflow.stores, or have the server use one that is for ${hostname}.`,
    };
  }
  if (/CERT|SELF_SIGNED|UNABLE_TO_|ERR_TLS/.test(code)) {
    return {
      kind: 'tls',
      cause: `The certificate of ${host} is not trusted: ${reason}.`,
      advice: 'Add the certificate of its issuer to those of the system (http.systemCertificates), or have the server use one that is known.',
    };
  }
  return protocol === 'https:' ? diagnoseHandshake(host, `${code} ${reason}`, reason) : undefined;
};

const diagnoseHandshake = (host: string, text: string, reason: string): Diagnosis | undefined => {
  if (/wrong.version.number|packet.length|http.request/i.test(text))
    return { kind: 'scheme', cause: `${host} does not speak https.`, advice: `Use http://${host} in the setting mlflow.stores.` };
  if (/protocol.version|unsupported.protocol/i.test(text)) {
    return {
      kind: 'tls',
      cause: `${host} speaks only versions of TLS that are not safe any more (1.1 and older).`,
      advice: 'Switch TLS 1.2 or newer on in the server, or in the proxy in front of it.',
    };
  }
  if (!/EPROTO|SSL/.test(text)) return undefined;
  return {
    kind: 'tls',
    cause: `No secure connection to ${host} comes about: ${reason}.`,
    advice: 'Look into the TLS settings of the server, or of the proxy in front of it.',
  };
};
