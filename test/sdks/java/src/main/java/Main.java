import io.modelcontextprotocol.client.McpClient;
import io.modelcontextprotocol.client.McpSyncClient;
import io.modelcontextprotocol.client.transport.HttpClientStreamableHttpTransport;
import io.modelcontextprotocol.client.transport.customizer.McpHttpClientAuthorizationErrorHandler;
import io.modelcontextprotocol.spec.McpSchema.CallToolRequest;
import io.modelcontextprotocol.spec.McpSchema.Tool;
import java.net.URI;
import java.time.Duration;
import java.util.Map;

/**
 * A client made with the official Java SDK. Arguments: the MCP URL, and the client's metadata document if it has one.
 * It does what the test tells it.
 */
public final class Main {
  private static final Test test = new Test();

  public static void main(String[] arguments) throws Exception {
    useProxy(URI.create(System.getenv("HTTP_PROXY")));
    URI mcpUrl = URI.create(arguments[0]);
    SignIn signIn = new SignIn(mcpUrl, arguments.length > 1 ? arguments[1] : null, test);
    var transport =
        HttpClientStreamableHttpTransport.builder(mcpUrl.resolve("/").toString())
            .endpoint(mcpUrl.getPath())
            .httpRequestCustomizer((request, method, endpoint, body, context) -> signIn.authorize(request))
            .authorizationErrorHandler(
                McpHttpClientAuthorizationErrorHandler.fromSync((answer, context) -> signIn.recover(answer)))
            .build();
    var spec = McpClient.sync(transport).initializationTimeout(Duration.ofMinutes(1)).requestTimeout(Duration.ofMinutes(1));
    try (McpSyncClient client = spec.build()) {
      test.answer(() -> client.initialize().protocolVersion());
      for (Map<String, Object> request = test.hear(); request != null; request = test.hear()) {
        Map<String, Object> asked = request;
        test.answer(() -> ask(client, asked));
      }
    }
  }

  @SuppressWarnings("unchecked")
  private static Object ask(McpSyncClient client, Map<String, Object> request) {
    if (request.get("do").equals("list")) return client.listTools().tools().stream().map(Tool::name).toList();
    var arguments = (Map<String, Object>) request.get("arguments");
    return client.callTool(new CallToolRequest((String) request.get("tool"), arguments)).structuredContent();
  }

  /** Without the last line Java asks no proxy for what is on the same machine. */
  private static void useProxy(URI proxy) {
    System.setProperty("http.proxyHost", proxy.getHost());
    System.setProperty("http.proxyPort", String.valueOf(proxy.getPort()));
    System.setProperty("http.nonProxyHosts", "");
  }
}
