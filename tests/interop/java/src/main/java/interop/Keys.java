package interop;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSSigner;
import com.nimbusds.jose.crypto.factories.DefaultJWSSignerFactory;
import com.nimbusds.jose.jwk.Curve;
import com.nimbusds.jose.jwk.JWK;
import com.nimbusds.jose.jwk.JWKSet;
import com.nimbusds.jose.jwk.KeyUse;
import com.nimbusds.jose.jwk.gen.ECKeyGenerator;
import com.nimbusds.jose.jwk.gen.RSAKeyGenerator;
import com.nimbusds.jose.jwk.source.ImmutableJWKSet;
import com.nimbusds.jose.jwk.source.JWKSource;
import com.nimbusds.jose.proc.SecurityContext;
import java.util.List;

/** The client's own keys: two to sign with, and one that others encrypt to. */
record Keys(JWK rsa, JWK ec, JWK encryption) {
    static Keys made() throws JOSEException {
        return new Keys(
                new RSAKeyGenerator(2048).keyUse(KeyUse.SIGNATURE).keyID("rsa").generate(),
                new ECKeyGenerator(Curve.P_256).keyUse(KeyUse.SIGNATURE).keyID("ec").generate(),
                new RSAKeyGenerator(2048).keyUse(KeyUse.ENCRYPTION).keyID("encryption").generate());
    }

    JWKSet published() {
        return new JWKSet(List.of(rsa, ec, encryption)).toPublicJWKSet();
    }

    JWKSource<SecurityContext> source() {
        return new ImmutableJWKSet<>(new JWKSet(List.of(rsa, ec, encryption)));
    }

    JWK forSigning(JWSAlgorithm algorithm) {
        return JWSAlgorithm.Family.EC.contains(algorithm) ? ec : rsa;
    }

    JWSSigner signer(JWSAlgorithm algorithm) throws JOSEException {
        return new DefaultJWSSignerFactory().createJWSSigner(forSigning(algorithm), algorithm);
    }
}
