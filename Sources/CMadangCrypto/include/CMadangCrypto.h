#ifndef CMADANG_CRYPTO_H
#define CMADANG_CRYPTO_H

// A few functions over the system's libcrypto (OpenSSL 3). No state is kept between calls, nothing
// aborts, and no OpenSSL type appears here, so that Swift never imports OpenSSL's headers.
//
// Functions that can fail return 1 for success and 0 for failure; verifications return 1 for a
// valid signature and 0 for anything else, a malformed key or signature included.

#include <stddef.h>
#include <stdint.h>

#define MADANG_SHA256_BYTES 32
#define MADANG_ED25519_SEED_BYTES 32
#define MADANG_ED25519_PUBLIC_BYTES 32
#define MADANG_P256_PRIVATE_BYTES 32
#define MADANG_P256_PUBLIC_BYTES 65
#define MADANG_SIGNATURE_BYTES 64

// ---- SHA-256 ----

/// SHA-256 of `length` bytes at `data`.
void madang_sha256(const void *data, size_t length, uint8_t out[MADANG_SHA256_BYTES]);

/// SHA-256 of the byte `prefix`, then `a`, then `b`: every hash of the tree in one call.
void madang_sha256_prefixed(uint8_t prefix, const void *a, size_t a_length, const void *b,
                            size_t b_length, uint8_t out[MADANG_SHA256_BYTES]);

/// A running SHA-256, large enough for the library's own state. It may be copied as plain memory.
typedef struct {
  uint64_t opaque[16];
} madang_sha256_state;

void madang_sha256_start(madang_sha256_state *state);
void madang_sha256_update(madang_sha256_state *state, const void *data, size_t length);
void madang_sha256_finish(madang_sha256_state *state, uint8_t out[MADANG_SHA256_BYTES]);

// ---- Random bytes ----

/// Fills `out` from the library's generator, seeded by the operating system.
int madang_random(uint8_t *out, size_t length);

// ---- Passwords ----

// More than these, a record that somebody tampered with could take all memory or all time:
// 128 * 32 * 2^20 bytes are 4 GiB.
#define MADANG_SCRYPT_LOG2_N_MAX 20
#define MADANG_SCRYPT_R_MAX 32
#define MADANG_SCRYPT_P_MAX 16
#define MADANG_PBKDF2_ITERATIONS_MAX 10000000

/// scrypt (RFC 7914) with N = 2^log2_n; it takes 128 * r * N bytes of memory while it runs.
int madang_scrypt(const void *password, size_t password_length, const uint8_t *salt,
                  size_t salt_length, uint8_t log2_n, uint32_t r, uint32_t p, uint8_t *out,
                  size_t length);

/// PBKDF2 (RFC 8018) with HMAC-SHA-256.
int madang_pbkdf2_sha256(const void *password, size_t password_length, const uint8_t *salt,
                         size_t salt_length, uint32_t iterations, uint8_t *out, size_t length);

/// 1 where `length` bytes are the same, in a time that does not tell where they differ.
int madang_equal(const void *a, const void *b, size_t length);

// ---- Ed25519 (RFC 8032) ----

/// Makes a fresh seed and its public key.
int madang_ed25519_generate(uint8_t seed[MADANG_ED25519_SEED_BYTES],
                            uint8_t public_key[MADANG_ED25519_PUBLIC_BYTES]);
/// Derives the public key of a seed.
int madang_ed25519_public(const uint8_t seed[MADANG_ED25519_SEED_BYTES],
                          uint8_t public_key[MADANG_ED25519_PUBLIC_BYTES]);
int madang_ed25519_sign(const uint8_t seed[MADANG_ED25519_SEED_BYTES], const void *message,
                        size_t length, uint8_t signature[MADANG_SIGNATURE_BYTES]);
int madang_ed25519_verify(const uint8_t public_key[MADANG_ED25519_PUBLIC_BYTES],
                          const void *message, size_t length,
                          const uint8_t signature[MADANG_SIGNATURE_BYTES]);

// ---- ECDSA over P-256 with SHA-256; signatures are r then s, 32 bytes each, big-endian ----

/// Makes a fresh private scalar and its uncompressed public point (04, x, y).
int madang_p256_generate(uint8_t private_key[MADANG_P256_PRIVATE_BYTES],
                         uint8_t public_key[MADANG_P256_PUBLIC_BYTES]);
/// Derives the public point of a private scalar; fails unless 0 < scalar < order.
int madang_p256_public(const uint8_t private_key[MADANG_P256_PRIVATE_BYTES],
                       uint8_t public_key[MADANG_P256_PUBLIC_BYTES]);
int madang_p256_sign(const uint8_t private_key[MADANG_P256_PRIVATE_BYTES], const void *message,
                     size_t length, uint8_t signature[MADANG_SIGNATURE_BYTES]);
int madang_p256_verify(const uint8_t public_key[MADANG_P256_PUBLIC_BYTES], const void *message,
                       size_t length, const uint8_t signature[MADANG_SIGNATURE_BYTES]);

// ---- RSASSA-PKCS1-v1_5 with SHA-256 (RFC 8017): checked, never made ----

// Below, a key is too weak to be believed; above, checking one signature costs too much.
#define MADANG_RSA_BITS_MIN 2048
#define MADANG_RSA_MODULUS_BYTES_MAX 1024

/// Modulus and exponent are big-endian; the exponent is odd and has at most four bytes.
int madang_rsa_sha256_verify(const uint8_t *modulus, size_t modulus_length,
                             const uint8_t *exponent, size_t exponent_length,
                             const void *message, size_t length, const uint8_t *signature,
                             size_t signature_length);

#endif
