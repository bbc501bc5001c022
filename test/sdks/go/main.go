// A client made with the official Go SDK. Arguments: the MCP URL, and the client's metadata document if it has one.
// It does what the test tells it, a line of JSON each way at a time.
package main

import (
	"bufio"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"os"
	"time"

	"github.com/modelcontextprotocol/go-sdk/auth"
	"github.com/modelcontextprotocol/go-sdk/mcp"
	"github.com/modelcontextprotocol/go-sdk/oauthex"
	"golang.org/x/oauth2"
)

const redirectURL = "http://localhost:7777/callback"

type request struct {
	Do        string         `json:"do"`
	Tool      string         `json:"tool"`
	Arguments map[string]any `json:"arguments"`
	Seconds   int            `json:"seconds"`
	Redirect  string         `json:"redirect"`
}

var (
	lines = bufio.NewReader(os.Stdin)
	said  = json.NewEncoder(os.Stdout)
)

func hear() (request, error) {
	var heard request
	line, err := lines.ReadBytes('\n')
	if err != nil {
		return heard, err
	}
	return heard, json.Unmarshal(line, &heard)
}

func say(result any, err error) {
	message := map[string]any{"result": result}
	if err != nil {
		message = map[string]any{"error": err.Error()}
	}
	said.Encode(message)
}

// askPerson has a person sign in, and reads what their browser brings back.
func askPerson(_ context.Context, args *auth.AuthorizationArgs) (*auth.AuthorizationResult, error) {
	said.Encode(map[string]string{"authorize": args.URL})
	heard, err := hear()
	if err != nil {
		return nil, err
	}
	redirect, err := url.Parse(heard.Redirect)
	if err != nil {
		return nil, err
	}
	query := redirect.Query()
	return &auth.AuthorizationResult{Code: query.Get("code"), State: query.Get("state"), Iss: query.Get("iss")}, nil
}

// agingSource is the SDK's own source of tokens, but what it holds can be made older than it is: the SDK asks the
// computer's clock.
type agingSource struct {
	ctx    context.Context
	config *oauth2.Config
	source oauth2.TokenSource
}

func newAgingSource(ctx context.Context, config *oauth2.Config, token *oauth2.Token) (oauth2.TokenSource, error) {
	held = &agingSource{ctx, config, config.TokenSource(ctx, token)}
	return held, nil
}

func (s *agingSource) Token() (*oauth2.Token, error) { return s.source.Token() }

func (s *agingSource) age(passed time.Duration) error {
	token, err := s.source.Token()
	if err != nil {
		return err
	}
	older := *token
	older.Expiry = token.Expiry.Add(-passed)
	s.source = s.config.TokenSource(s.ctx, &older)
	return nil
}

// held is the source that the SDK uses now.
var held *agingSource

func connect(ctx context.Context, mcpURL, metadataURL string) (*mcp.ClientSession, error) {
	proxy, err := url.Parse(os.Getenv("HTTP_PROXY"))
	if err != nil {
		return nil, err
	}
	// Without this Go asks no proxy for what is on the same machine.
	client := &http.Client{Transport: &http.Transport{Proxy: http.ProxyURL(proxy)}}
	config := &auth.AuthorizationCodeHandlerConfig{
		RedirectURL:              redirectURL,
		AuthorizationCodeFetcher: askPerson,
		RequestRefreshToken:      true,
		Client:                   client,
		NewTokenSource:           newAgingSource,
	}
	if metadataURL != "" {
		config.ClientIDMetadataDocumentConfig = &auth.ClientIDMetadataDocumentConfig{URL: metadataURL}
	} else {
		config.DynamicClientRegistrationConfig = &auth.DynamicClientRegistrationConfig{
			Metadata: &oauthex.ClientRegistrationMetadata{
				ClientName:   "Go SDK",
				RedirectURIs: []string{redirectURL},
				GrantTypes:   []string{"authorization_code", "refresh_token"},
			},
		}
	}
	handler, err := auth.NewAuthorizationCodeHandler(config)
	if err != nil {
		return nil, err
	}
	transport := &mcp.StreamableClientTransport{Endpoint: mcpURL, HTTPClient: client, OAuthHandler: handler}
	return mcp.NewClient(&mcp.Implementation{Name: "go", Version: "1"}, nil).Connect(ctx, transport, nil)
}

func answer(ctx context.Context, session *mcp.ClientSession, heard request) (any, error) {
	switch heard.Do {
	case "wait":
		return nil, held.age(time.Duration(heard.Seconds) * time.Second)
	case "list":
		list, err := session.ListTools(ctx, nil)
		if err != nil {
			return nil, err
		}
		names := []string{}
		for _, tool := range list.Tools {
			names = append(names, tool.Name)
		}
		return names, nil
	case "call":
		result, err := session.CallTool(ctx, &mcp.CallToolParams{Name: heard.Tool, Arguments: heard.Arguments})
		if err != nil {
			return nil, err
		}
		return result.StructuredContent, result.GetError()
	}
	return nil, fmt.Errorf("unknown request %q", heard.Do)
}

func main() {
	ctx := context.Background()
	metadataURL := ""
	if len(os.Args) > 2 {
		metadataURL = os.Args[2]
	}
	session, err := connect(ctx, os.Args[1], metadataURL)
	say(nil, err)
	if err != nil {
		os.Exit(1)
	}
	defer session.Close()
	for {
		heard, err := hear()
		if errors.Is(err, io.EOF) {
			return
		}
		if err != nil {
			say(nil, err)
			return
		}
		say(answer(ctx, session, heard))
	}
}
