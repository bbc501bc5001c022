import { CfnOutput, Fn, RemovalPolicy, Stack } from 'aws-cdk-lib';
import { Certificate, CertificateValidation, type ICertificate } from 'aws-cdk-lib/aws-certificatemanager';
import {
  AllowedMethods,
  CachePolicy,
  Distribution,
  Function as EdgeFunction,
  FunctionCode,
  FunctionEventType,
  FunctionRuntime,
  HttpVersion,
  OriginRequestPolicy,
  OriginSslPolicy,
  SecurityPolicyProtocol,
  ViewerProtocolPolicy,
} from 'aws-cdk-lib/aws-cloudfront';
import { HttpOrigin } from 'aws-cdk-lib/aws-cloudfront-origins';
import { AaaaRecord, ARecord, HostedZone, type IHostedZone, RecordTarget } from 'aws-cdk-lib/aws-route53';
import { CloudFrontTarget } from 'aws-cdk-lib/aws-route53-targets';
import { Secret } from 'aws-cdk-lib/aws-secretsmanager';
import { Construct } from 'constructs';
import { edgeHeaders } from '../core/http/edge-headers.ts';
import { acknowledge } from './checks.ts';
import { Firewall } from './firewall.ts';
import type { Settings } from './settings.ts';

type EdgeProperties = {
  readonly settings: Settings;
  /** The name of the operator's own that leads here. */
  readonly domain: Settings['domain'];
  readonly apiEndpoint: string;
  /** What stands before another API of the server. Firewall and key are the same, which costs once. */
  readonly beside: Edge | undefined;
};

/** CloudFront before an API, with a firewall. The Lambdas answer only what came this way: they know it by a key. */
export class Edge extends Construct {
  readonly url: string;
  /** What CloudFront shows the Lambdas. Made by Secrets Manager when the stack is; no template holds it. */
  readonly key: string;
  readonly #viewer: EdgeFunction;
  readonly #webAclArn: string;

  constructor(scope: Construct, id: string, { settings, domain, apiEndpoint, beside }: EdgeProperties) {
    super(scope, id);
    const { firewall } = settings;
    this.key = beside ? beside.key : this.#secret();
    this.#viewer = beside ? beside.#viewer : this.#namesViewer();
    this.#webAclArn = beside ? beside.#webAclArn : (firewall.webAclArn ?? new Firewall(this, 'Firewall', settings).arn);
    const zone = domain && this.#zone(domain);
    const distribution = new Distribution(this, 'Distribution', {
      comment: `${Stack.of(this).stackName}: sign-in and MCP server`,
      defaultBehavior: {
        origin: new HttpOrigin(Fn.select(2, Fn.split('/', apiEndpoint)), {
          customHeaders: { [edgeHeaders.key]: this.key },
          originSslProtocols: [OriginSslPolicy.TLS_V1_2],
        }),
        allowedMethods: AllowedMethods.ALLOW_ALL,
        cachePolicy: CachePolicy.CACHING_DISABLED,
        originRequestPolicy: OriginRequestPolicy.ALL_VIEWER_EXCEPT_HOST_HEADER,
        viewerProtocolPolicy: ViewerProtocolPolicy.REDIRECT_TO_HTTPS,
        functionAssociations: [{ eventType: FunctionEventType.VIEWER_REQUEST, function: this.#viewer }],
      },
      httpVersion: HttpVersion.HTTP2_AND_3,
      webAclId: this.#webAclArn,
      ...(domain &&
        zone && {
          domainNames: [domain.name],
          certificate: this.#certificate(domain, zone),
          minimumProtocolVersion: SecurityPolicyProtocol.TLS_V1_2_2021,
        }),
    });
    if (domain && zone) this.#leads(domain.name, zone, distribution);
    this.url = `https://${domain?.name ?? distribution.distributionDomainName}`;
    acknowledge(distribution, {
      'AwsSolutions-CFR1': 'People sign in from everywhere. A web ACL of your own can name countries.',
      'AwsSolutions-CFR3':
        'The access log of the API has each request; the metrics of the firewall have what it stopped.',
      ...(domain
        ? {}
        : {
            'AwsSolutions-CFR4':
              'CloudFront alone decides which TLS its own names speak; the deploy says so, and that a domain mends it.',
          }),
    });
    if (beside) return;
    const value = distribution.distributionDomainName;
    new CfnOutput(this, 'Output', { value, description: 'What CloudFront calls it' }).overrideLogicalId('EdgeDomain');
  }

  #secret(): string {
    const secret = new Secret(this, 'Key', {
      description: `${Stack.of(this).stackName}: shows the Lambdas that a request came through CloudFront`,
      generateSecretString: { excludePunctuation: true, passwordLength: 40 },
      removalPolicy: RemovalPolicy.DESTROY,
    });
    acknowledge(secret, {
      'AwsSolutions-SMG4':
        'CloudFront and the Lambdas would have to change at the same moment. It opens nothing by itself.',
    });
    return secret.secretValue.unsafeUnwrap();
  }

  /** Behind CloudFront every request comes from CloudFront, and the limits by address need the address. */
  #namesViewer(): EdgeFunction {
    const code = `function handler(event) {
  var request = event.request;
  request.headers['${edgeHeaders.viewer}'] = { value: event.viewer.ip };
  return request;
}`;
    return new EdgeFunction(this, 'Viewer', { runtime: FunctionRuntime.JS_2_0, code: FunctionCode.fromInline(code) });
  }

  #zone({ hostedZone }: NonNullable<Settings['domain']>): IHostedZone {
    const { id: hostedZoneId, name: zoneName } = hostedZone;
    return HostedZone.fromHostedZoneAttributes(this, 'Zone', { hostedZoneId, zoneName });
  }

  #certificate({ name, edgeCertificateArn }: NonNullable<Settings['domain']>, zone: IHostedZone): ICertificate {
    if (edgeCertificateArn !== undefined)
      return Certificate.fromCertificateArn(this, 'Certificate', edgeCertificateArn);
    const validation = CertificateValidation.fromDns(zone);
    return new Certificate(this, 'Certificate', { domainName: name, validation });
  }

  #leads(recordName: string, zone: IHostedZone, distribution: Distribution): void {
    const target = RecordTarget.fromAlias(new CloudFrontTarget(distribution));
    new ARecord(this, 'Ipv4', { zone, recordName, target });
    new AaaaRecord(this, 'Ipv6', { zone, recordName, target });
  }
}
