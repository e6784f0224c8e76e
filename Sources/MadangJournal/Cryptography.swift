/// A journal's hashes, keys and signatures stand in its interface: who imports it needs them too.
@_exported public import MadangCrypto
