import com.nimbusds.oauth2.sdk.AuthorizationCodeGrant;
import com.nimbusds.oauth2.sdk.AuthorizationGrant;
import com.nimbusds.oauth2.sdk.AuthorizationRequest;
import com.nimbusds.oauth2.sdk.AuthorizationResponse;
import com.nimbusds.oauth2.sdk.GeneralException;
import com.nimbusds.oauth2.sdk.GrantType;
import com.nimbusds.oauth2.sdk.ParseException;
import com.nimbusds.oauth2.sdk.RefreshTokenGrant;
import com.nimbusds.oauth2.sdk.ResponseType;
import com.nimbusds.oauth2.sdk.Scope;
import com.nimbusds.oauth2.sdk.TokenRequest;
import com.nimbusds.oauth2.sdk.TokenResponse;
import com.nimbusds.oauth2.sdk.as.AuthorizationServerMetadata;
import com.nimbusds.oauth2.sdk.auth.ClientAuthenticationMethod;
import com.nimbusds.oauth2.sdk.client.ClientMetadata;
import com.nimbusds.oauth2.sdk.client.ClientRegistrationRequest;
import com.nimbusds.oauth2.sdk.client.ClientRegistrationResponse;
import com.nimbusds.oauth2.sdk.http.HTTPRequest;
import com.nimbusds.oauth2.sdk.id.ClientID;
import com.nimbusds.oauth2.sdk.id.Issuer;
import com.nimbusds.oauth2.sdk.id.State;
import com.nimbusds.oauth2.sdk.pkce.CodeChallengeMethod;
import com.nimbusds.oauth2.sdk.pkce.CodeVerifier;
import com.nimbusds.oauth2.sdk.token.BearerTokenError;
import com.nimbusds.oauth2.sdk.token.Tokens;
import com.nimbusds.oauth2.sdk.util.JSONArrayUtils;
import com.nimbusds.oauth2.sdk.util.JSONObjectUtils;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.ResponseInfo;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** What the SDK leaves to its users: it gets tokens, keeps them, and gets others when the server refuses them. */
final class SignIn {
  private static final URI redirectUri = URI.create("http://localhost:7777/callback");
  private static final Pattern resourceMetadata = Pattern.compile("resource_metadata=\"([^\"]+)\"");
  private final URI mcpUrl;
  private final ClientID published;
  private final Test test;
  private AuthorizationServerMetadata server;
  private ClientID client;
  private Tokens tokens;

  /** A client without a metadata document registers, and so it does where the server takes none. */
  SignIn(URI mcpUrl, String metadataUrl, Test test) {
    this.mcpUrl = mcpUrl;
    this.published = metadataUrl == null ? null : new ClientID(metadataUrl);
    this.test = test;
  }

  /** Has a request carry the token, if there is one. */
  synchronized void authorize(HttpRequest.Builder request) {
    if (tokens != null) request.setHeader("Authorization", tokens.getAccessToken().toAuthorizationHeader());
  }

  /** After a 401 or 403: gets a token that will do. Says whether the request is worth another try. */
  synchronized boolean recover(ResponseInfo answer) {
    String challenge = answer.headers().firstValue("WWW-Authenticate").orElse("");
    try {
      BearerTokenError error = BearerTokenError.parse(challenge);
      boolean needsMore = BearerTokenError.INSUFFICIENT_SCOPE.equals(error);
      if (answer.statusCode() == 403 && !needsMore) return false;
      if (needsMore || !refresh()) askPerson(challenge, error.getScope());
      return true;
    } catch (IOException cause) {
      throw new UncheckedIOException(cause);
    } catch (GeneralException cause) {
      throw new IllegalStateException(cause);
    }
  }

  private boolean refresh() throws IOException, GeneralException {
    if (tokens == null || tokens.getRefreshToken() == null) return false;
    TokenResponse answer = redeem(new RefreshTokenGrant(tokens.getRefreshToken()));
    tokens = answer.indicatesSuccess() ? answer.toSuccessResponse().getTokens() : null;
    return answer.indicatesSuccess();
  }

  /** Asks for the scopes that are needed now, and for those that the tokens have. */
  private void askPerson(String challenge, Scope needed) throws IOException, GeneralException {
    discover(challenge);
    if (client == null) client = takesMetadataDocuments() && published != null ? published : register();
    Scope scope = new Scope(needed);
    if (tokens != null) scope.addAll(tokens.getAccessToken().getScope());
    State state = new State();
    CodeVerifier verifier = new CodeVerifier();
    URI url =
        new AuthorizationRequest.Builder(ResponseType.CODE, client)
            .endpointURI(server.getAuthorizationEndpointURI())
            .redirectionURI(redirectUri)
            .scope(scope)
            .state(state)
            .codeChallenge(verifier, CodeChallengeMethod.S256)
            .resource(mcpUrl)
            .build()
            .toURI();
    AuthorizationResponse redirect = AuthorizationResponse.parse(test.askPerson(url));
    if (!state.equals(redirect.getState())) throw new GeneralException("The answer has another state");
    if (!server.getIssuer().equals(redirect.getIssuer()))
      throw new GeneralException("The answer is from another issuer: " + redirect.getIssuer());
    if (!redirect.indicatesSuccess()) throw new GeneralException(redirect.toErrorResponse().getErrorObject());
    var code = redirect.toSuccessResponse().getAuthorizationCode();
    TokenResponse answer = redeem(new AuthorizationCodeGrant(code, redirectUri, verifier));
    if (!answer.indicatesSuccess()) throw new GeneralException(answer.toErrorResponse().getErrorObject());
    tokens = answer.toSuccessResponse().getTokens();
  }

  private TokenResponse redeem(AuthorizationGrant grant) throws IOException, ParseException {
    var request = new TokenRequest.Builder(server.getTokenEndpointURI(), client, grant).resource(mcpUrl).build();
    return TokenResponse.parse(request.toHTTPRequest().send());
  }

  /** RFC 9728 §5.1, RFC 8414 §3. */
  private void discover(String challenge) throws IOException, GeneralException {
    if (server != null) return;
    Matcher named = resourceMetadata.matcher(challenge);
    if (!named.find()) throw new GeneralException("The challenge names no metadata: " + challenge);
    var resource = new HTTPRequest(HTTPRequest.Method.GET, URI.create(named.group(1))).send().getBodyAsJSONObject();
    var issuers = JSONArrayUtils.toStringList(JSONObjectUtils.getJSONArray(resource, "authorization_servers"));
    server = AuthorizationServerMetadata.resolve(new Issuer(issuers.get(0)));
  }

  private boolean takesMetadataDocuments() {
    return Boolean.TRUE.equals(server.getCustomParameter("client_id_metadata_document_supported"));
  }

  private ClientID register() throws IOException, GeneralException {
    ClientMetadata metadata = new ClientMetadata();
    metadata.setName("Java SDK");
    metadata.setRedirectionURI(redirectUri);
    metadata.setGrantTypes(Set.of(GrantType.AUTHORIZATION_CODE, GrantType.REFRESH_TOKEN));
    metadata.setTokenEndpointAuthMethod(ClientAuthenticationMethod.NONE);
    var request = new ClientRegistrationRequest(server.getRegistrationEndpointURI(), metadata, null);
    var answer = ClientRegistrationResponse.parse(request.toHTTPRequest().send());
    if (!answer.indicatesSuccess()) throw new GeneralException(answer.toErrorResponse().getErrorObject());
    return answer.toSuccessResponse().getClientInformation().getID();
  }
}
