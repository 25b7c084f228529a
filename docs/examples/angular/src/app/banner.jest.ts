import { type ComponentFixture, TestBed } from '@angular/core/testing';
import { provideGraphQLSocketTesting } from 'rx-graphql-ws/angular/testing';
import { GraphQLSocketTestingController } from 'rx-graphql-ws/testing';
import { Banner } from './banner';

describe('Banner', () => {
  let controller: GraphQLSocketTestingController;
  let fixture: ComponentFixture<Banner>;

  const button = (): HTMLButtonElement | null => {
    fixture.detectChanges();
    return fixture.nativeElement.querySelector('button');
  };

  beforeEach(() => {
    TestBed.configureTestingModule({ providers: [provideGraphQLSocketTesting()] });
    controller = TestBed.inject(GraphQLSocketTestingController);
    fixture = TestBed.createComponent(Banner);
  });

  afterEach(() => fixture.destroy());

  it('is there while the connection is lost', () => {
    const subscription = controller.subscribe$('subscription Price { price }').subscribe();
    expect(button()).toBeNull();
    controller.disconnect();
    expect(button()?.textContent).toBe('Retry now');
    controller.reconnect();
    expect(button()).toBeNull();
    subscription.unsubscribe();
  });
});
